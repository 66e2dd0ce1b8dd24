// What searches where pages are read from a folder, in which no browser starts a worker: the same
// script in a hidden frame. late.js, before Material's script, loads this when it is needed.
"use strict";

async function searchOnDisk(url, tell) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  await new Promise((loaded) => {
    frame.onload = loaded;
    document.body.append(frame);
  });
  const scope = frame.contentWindow;
  scope.postMessage = (data) => tell({ data });
  const script = scope.document.createElement("script");
  script.src = new URL(url, location);
  await new Promise((loaded) => {
    script.onload = loaded;
    scope.document.head.append(script);
  });
  return {
    postMessage: (data) => scope.dispatchEvent(new scope.MessageEvent("message", { data })),
  };
}
