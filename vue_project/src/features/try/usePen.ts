import { computed, reactive, ref, type Ref } from 'vue'

const STEP = 8

interface Place {
  x: number
  y: number
}

const moves: Record<string, Place> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
}

/** A pen on a square of `side` units: moved by pointer or by arrow keys, put down by Space. */
export function usePen(
  square: Readonly<Ref<HTMLElement | null>>,
  side: number,
  pen: { draw: (from: Place, to: Place) => void; lifted: () => void; clear: () => void },
) {
  const place = reactive<Place>({ x: side / 2, y: side / 2 })
  const isDown = ref(false)
  const isByKeyboard = ref(false)

  function moveTo(next: Place) {
    const before = { ...place }
    place.x = Math.min(side, Math.max(0, next.x))
    place.y = Math.min(side, Math.max(0, next.y))
    if (isDown.value) pen.draw(before, { ...place })
  }

  function placeOf(event: PointerEvent): Place {
    const box = square.value?.getBoundingClientRect()
    if (!box) return { ...place }
    return {
      x: ((event.clientX - box.left) / box.width) * side,
      y: ((event.clientY - box.top) / box.height) * side,
    }
  }

  function lift() {
    if (!isDown.value) return
    isDown.value = false
    pen.lifted()
  }

  function down(event: PointerEvent) {
    isByKeyboard.value = false
    square.value?.setPointerCapture(event.pointerId)
    Object.assign(place, placeOf(event))
    isDown.value = true
    pen.draw({ ...place }, { ...place })
  }

  function press(event: KeyboardEvent) {
    const move = moves[event.key]
    if (!move && event.key !== ' ' && event.key !== 'Delete') return
    event.preventDefault()
    isByKeyboard.value = true
    if (move) moveTo({ x: place.x + move.x, y: place.y + move.y })
    else if (event.key === 'Delete') pen.clear()
    else if (isDown.value) lift()
    else {
      isDown.value = true
      pen.draw({ ...place }, { ...place })
    }
  }

  return {
    place,
    isDown,
    isByKeyboard,
    /** Where the pen is, in percent of the square. */
    style: computed(() => ({
      left: `${String((place.x / side) * 100)}%`,
      top: `${String((place.y / side) * 100)}%`,
    })),
    listeners: {
      pointerdown: down,
      pointermove: (event: PointerEvent) => {
        if (isDown.value && !isByKeyboard.value) moveTo(placeOf(event))
      },
      pointerup: lift,
      pointercancel: lift,
      keydown: press,
    },
  }
}
