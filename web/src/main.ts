import { mount } from 'svelte';
import App from './app.svelte';
import './page.css';

const target = document.getElementById('page');
if (!target) throw new Error('index.html has no element with the id "page"');
mount(App, { target });

// Over plain HTTP and in some private windows there is none: there the page needs a network every time.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => navigator.serviceWorker.register('./service-worker.js').catch(() => {}));
}
