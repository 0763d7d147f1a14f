// Every word that a script says to a person.
export const words = {
  chooseAll: "全选",
  chooseNone: "全不选",
  chosen: (number, all) => `已选 ${number} 个，共 ${all} 个`,
  sort: "点击排序",
  loading: "正在取数…",
  failed: "没有取到内容。请稍后再试；若一直如此，请告知管理员。",
  offline: "网络断开，没有发出。您填写的内容仍在本页，联网后请再试一次。",
  stale: "现在连不上，这一页停在断开前的样子；连上后自动更新。",
  gone: "要找的内容不存在，或您没有权限查看。",
  sending: "正在提交…",
  close: "关闭",
  rollTap: (name, state) => `${name}：${state}，按一下换下一种情况`,
  draftRestored: (when) => `已恢复 ${when} 未提交的内容。`,
  draftDiscard: "放弃，用原来的内容",
  answerKept: "现在连不上。答案已留在本机，连上后自动补送，不要关掉这一页。",
  filtered: (shown, all) => `显示 ${shown} 行，共 ${all} 行`,
};
