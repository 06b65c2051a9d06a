// The shipped network's config.json.
import { readFileSync } from 'node:fs';

export const config = JSON.parse(readFileSync(new URL('../../models/sentiment/config.json', import.meta.url)));
