// Run a script of the build in the page; resolves when it has run, rejects when it could not be had.
export function runScript(address, properties = {}) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, async: false, ...properties });
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${address} did not load`));
    };
    document.head.append(script);
  });
}
