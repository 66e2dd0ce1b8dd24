// Has the browser keep what is read (engine/kept/sw.js), where it can. What this page has loaded
// before there was anybody to keep it is named afterwards.
if (location.protocol !== "file:" && navigator.serviceWorker) {
  const worker = new URL("../sw.js", document.currentScript.src);
  addEventListener("load", async () => {
    try {
      const { controller } = navigator.serviceWorker;
      await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
      if (controller) return;
      const { active } = await navigator.serviceWorker.ready;
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      active.postMessage([location.href, ...loaded]);
    } catch {
      // Without it everything is read from the network.
    }
  });
}
