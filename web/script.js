const tried = new Set(); // addresses

// Run a script of the build in the page; resolves when it has run, rejects when it could not be had. A second time it goes by
// another address: until a page has loaded, browsers give it what they had, damaged or not.
export function runScript(address, properties = {}) {
  const again = tried.has(address) ? `?again=${Date.now()}` : "";
  tried.add(address);
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address + again, async: false, ...properties });
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${address} did not load`));
    };
    document.head.append(script);
  });
}
