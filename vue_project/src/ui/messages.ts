export const en = {
  ui: {
    loading: 'Loading…',
    retry: 'Try again',
    cancel: 'Keep it',
    copy: 'Copy',
    copied: 'Copied',
    dismiss: 'Dismiss',
    pages: 'Pages',
    firstPage: 'First page',
    next: 'Next',
    errorTitle: 'Something went wrong',
    offlineTitle: 'The server cannot be reached',
    offlineDetail: 'Check that ModelFoundry is running; this page tries again by itself.',
    allowed: 'Allowed: {range}.',
    resetTo: 'Back to {value}',
  },
}

export const zhCN: typeof en = {
  ui: {
    loading: '加载中…',
    retry: '重试',
    cancel: '保留',
    copy: '复制',
    copied: '已复制',
    dismiss: '关闭',
    pages: '分页',
    firstPage: '第一页',
    next: '下一页',
    errorTitle: '出错了',
    offlineTitle: '无法连接服务器',
    offlineDetail: '请确认 ModelFoundry 正在运行；本页会自动重试。',
    allowed: '允许范围：{range}。',
    resetTo: '恢复为 {value}',
  },
}
