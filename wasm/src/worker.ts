import { fetchFile } from './fetch-file.js';
import { serve } from './serve.js';

const receive = serve(fetchFile, (reply, transfer) => self.postMessage(reply, { transfer }));
self.onmessage = ({ data }) => receive(data);
