import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Doc comments of a class or interface and of its members. */
export interface TypeDocs {
  readonly text: string | undefined;
  readonly extends: readonly string[];
  readonly members: ReadonlyMap<string, string>;
}

function commentOf(node: ts.Node): string | undefined {
  const texts = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment))
    .filter((text) => text !== undefined);
  return texts.at(-1)?.replace(/\s*\n\s*/g, ' ');
}

function docsOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): TypeDocs {
  const members = new Map<string, string>();
  for (const member of node.members) {
    const text = commentOf(member);
    if (text && member.name && ts.isIdentifier(member.name)) members.set(member.name.text, text);
  }
  const parents = (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => expression.getText()),
  );
  return { text: commentOf(node), extends: parents, members };
}

/** Reads the doc comments of every class and interface in a folder: the descriptions of the generated documents come from them. */
export function readDocComments(folder: string): ReadonlyMap<string, TypeDocs> {
  const docs = new Map<string, TypeDocs>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))) {
    const file = join(folder, name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
    source.forEachChild((node) => {
      if ((ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name)
        docs.set(node.name.text, docsOf(node));
    });
  }
  return docs;
}

/** Doc comment of a member, looked up along the classes that a class extends. */
export function memberDoc(docs: ReadonlyMap<string, TypeDocs>, type: string, member: string): string | undefined {
  const own = docs.get(type);
  if (!own) return undefined;
  const found = own.members.get(member);
  if (found) return found;
  for (const parent of own.extends) {
    const inherited = memberDoc(docs, parent, member);
    if (inherited) return inherited;
  }
  return undefined;
}
