// Stands for Material's search worker until somebody searches. The build puts it before Material's
// script and tells that about it (engine/search/material.py).
var lateSearch = (() => {
  const from = document.currentScript.src;
  const load = (name) =>
    new Promise((loaded) => {
      const script = document.createElement("script");
      script.src = new URL(`../${name}`, from);
      script.onload = loaded;
      document.head.append(script);
    });
  if (new URLSearchParams(location.search).has("h")) load("found.js");

  const late = (url) => {
    const stand = new EventTarget();
    const tell = ({ data }) => stand.dispatchEvent(new MessageEvent("message", { data }));
    const start = async () => {
      // On disk there are no workers.
      if (location.protocol !== "file:") return Object.assign(new Worker(url), { onmessage: tell });
      await load("on_disk.js");
      return searchOnDisk(url, tell);
    };
    stand.postMessage = async (data) => (await (stand.begun ??= start())).postMessage(data);
    return stand;
  };
  late.failed = () => {
    document.querySelector(".md-search-result__meta").textContent = /^zh/.test(document.documentElement.lang)
      ? "搜索没有载入：请刷新再试；从文件夹打开时，请用离线版。"
      : "The search was not loaded. Reload the page; from a folder, use the offline version.";
  };
  return late;
})();
