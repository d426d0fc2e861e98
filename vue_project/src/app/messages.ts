export const en = {
  app: {
    skip: 'Skip to content',
    navigation: 'Main',
    catalog: 'Catalogue',
    launch: 'Modularize',
    jobs: 'Jobs',
    sweeps: 'Sweeps',
    modules: 'Modules',
    reuse: 'Reuse',
    settings: 'Settings',
    theme: 'Theme',
    themeSystem: 'Like the system',
    themeLight: 'Light',
    themeDark: 'Dark',
    offline:
      'The server cannot be reached. What you see may be out of date; it is tried again by itself.',
    missingTitle: 'There is no page here',
    missingDetail: 'The address may be mistyped, or what it showed was deleted.',
    home: 'To the catalogue',
  },
}

export const zhCN: typeof en = {
  app: {
    skip: '跳到正文',
    navigation: '主导航',
    catalog: '目录',
    launch: '模块化',
    jobs: '任务',
    sweeps: '批量实验',
    modules: '模块',
    reuse: '重用',
    settings: '设置',
    theme: '主题',
    themeSystem: '跟随系统',
    themeLight: '浅色',
    themeDark: '深色',
    offline: '无法连接服务器。当前内容可能已过期；系统会自动重试。',
    missingTitle: '此处没有页面',
    missingDetail: '地址可能有误，或其内容已被删除。',
    home: '返回目录',
  },
}
