import { defineConfig } from "vite";

// One stylesheet and one script for every page, plus a few lines that must run before the first paint.
// The oldest browser that offices still run decides the target; django-vite reads the manifest.
export default defineConfig({
  appType: "custom",
  base: "./",
  publicDir: false,
  css: {
    preprocessorOptions: {
      // Bootstrap 5.3 is written for Sass 1.x imports; its warnings are not ours to mend.
      scss: {
        quietDeps: true,
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      },
    },
  },
  build: {
    outDir: "qizhi/static_build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "chrome86",
    cssTarget: "chrome86",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 4096,
    rollupOptions: {
      input: ["frontend/main.js", "frontend/paint.js"],
      checks: { eval: false, pluginTimings: false }, // htmx holds an eval that our settings never reach
    },
  },
});
