import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { modelCard } from './plugins/model-card.ts';
import { serviceWorker } from './plugins/service-worker.ts';
import { verdict } from './plugins/verdict.ts';

export default defineConfig({
  // The page may be served from any folder.
  base: './',
  plugins: [svelte({ configFile: false }), verdict(), modelCard(), serviceWorker()],
  // The package as it is published, not its sources.
  resolve: { alias: { nystromformer: fileURLToPath(new URL('../wasm/dist/index.js', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0 },
});
