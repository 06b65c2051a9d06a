import { type MessagePort, parentPort } from 'node:worker_threads';
import { openFile } from './node-file.js';
import { serve } from './serve.js';

const port = parentPort as MessagePort;
port.on(
  'message',
  serve(openFile, (reply, transfer) => port.postMessage(reply, transfer)),
);
