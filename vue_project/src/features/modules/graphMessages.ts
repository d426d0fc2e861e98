/** What the picture of a module's network says. */
export const en = {
  graph: 'The network, before and after',
  graphNote:
    'Every layer as it is in the files, coloured by how much of its weights the module kept. Choose a layer for its figures; arrow keys go from layer to layer.',
  graphNone:
    'This module was made without a picture of its network. Use its recipe again to get one.',
  graphOf: 'Network of the {name}',
  graphSearch: 'Find a layer',
  graphFound: 'No layer found | One layer found | {n} layers found',
  graphCollapse: 'Close all stages',
  graphLegend: 'Share of weights kept',
  graphChoose: 'No layer is chosen yet.',
  graphLayer: 'Figures of the chosen layer',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  notMasked: 'Nothing to mask',
  cutOut: 'Cut out',
  cutOutDetail: 'Nothing of this layer is left in the module.',
  keptShort: '{ratio} kept',
  keptOf: '{kept} of {total} weights kept ({ratio}).',
  shape: 'Output of one image',
  shapeOf: 'Output, {name}',
}

export const zhCN: typeof en = {
  graph: '网络的前后对比',
  graphNote:
    '文件中的每一层，颜色表示模块保留了该层多少权重。选择一层查看其数值；方向键在层之间移动。',
  graphNone: '此模块生成时没有网络图。再次使用其配方即可得到。',
  graphOf: '{name}的网络',
  graphSearch: '查找层',
  graphFound: '未找到层 | 找到 1 层 | 找到 {n} 层',
  graphCollapse: '收起所有阶段',
  graphLegend: '保留权重的比例',
  graphChoose: '尚未选择层。',
  graphLayer: '所选层的数值',
  zoomIn: '放大',
  zoomOut: '缩小',
  notMasked: '无可掩码',
  cutOut: '已切除',
  cutOutDetail: '模块中不再有这一层。',
  keptShort: '保留 {ratio}',
  keptOf: '保留 {total} 个权重中的 {kept} 个（{ratio}）。',
  shape: '每张图像的输出',
  shapeOf: '输出，{name}',
}
