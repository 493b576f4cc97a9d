/** The program's side of `Program`: says that it is ready, answers words, ends with its starter. */
export function converse(answers: Readonly<Record<string, () => Promise<unknown>>> = {}): void {
  process.on('message', (word: string) => {
    const answer = answers[word];
    if (!answer) throw new Error(`asked for ${word}, which this program does not know`);
    void answer().then((value) => process.send?.(value ?? null));
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  process.send?.('ready');
}

/** A setting that the bench gives. */
export function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is unset: this program is started by npm run bench`);
  return value;
}
