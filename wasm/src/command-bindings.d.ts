/** The JavaScript that starts the native command's WebAssembly (core/tools): `arguments`, `preRun`, the module's bytes. */
declare module 'nystrom-command' {
  interface Command {
    ENV: Record<string, string | undefined>;
  }
  export default function start(options: {
    arguments: string[];
    preRun: (command: Command) => void;
    wasmBinary: Uint8Array;
  }): Promise<Command>;
}
