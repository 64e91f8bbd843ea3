import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a program can import from the package. */
export interface LibraryExport {
  readonly name: string;
  readonly kind: 'function' | 'type' | 'value' | 'class';
  /** The folder of `src/` it is from. */
  readonly layer: string;
  /** Its docstring in one line; empty if it has none. */
  readonly docs: string;
}

/** Every export of `src/index.ts`, in name order, with the docstring of what it stands for. */
export function libraryExports(): readonly LibraryExport[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([`${root}/src/index.ts`], options);
  const checker = program.getTypeChecker();
  const door = program.getSourceFile(`${root}/src/index.ts`)!;
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(door)!)
    .map((exported) => {
      const symbol = checker.getAliasedSymbol(exported);
      const declaration = symbol.declarations![0]!;
      const path = relative(`${root}/src`, declaration.getSourceFile().fileName);
      return {
        name: exported.name,
        kind: isTypeOnly(exported) ? 'type' : kindOf(symbol),
        layer: /^(sim\/[a-z]+|[a-z]+)\//.exec(path)![1]!,
        docs: ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim(),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A class that is exported as a type is one. */
function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (each) => ts.isExportSpecifier(each) && (each.isTypeOnly || each.parent.parent.isTypeOnly),
  );
}

function kindOf({ flags }: ts.Symbol): LibraryExport['kind'] {
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Class) return 'class';
  return flags & ts.SymbolFlags.Value ? 'value' : 'type';
}

/** Where programs look, the most used first. */
const sections: readonly (readonly [layer: string, title: string])[] = [
  ['runner', 'Files, folders, all cores'],
  ['scenario', 'Organizations and scenarios'],
  ['topology', 'The organization as data'],
  ['routing', 'Routing'],
  ['experiment', 'Questions and answers'],
  ['measure', 'Figures'],
  ['report', 'Texts and pages'],
  ['rules', 'Rules and assumptions'],
  ['sim/model', 'The model'],
  ['sim/kernel', 'The kernel'],
];

/** The reference of docs/library.md: a table for each layer, functions first. */
export function libraryReference(exports: readonly LibraryExport[]): string {
  const known = new Set(sections.map(([layer]) => layer));
  const lost = exports.filter(({ layer }) => !known.has(layer));
  if (lost.length > 0) throw new Error(`no section for ${lost.map(({ layer }) => layer).join()}`);
  return sections
    .flatMap(([layer, title]) => {
      const own = exports.filter((each) => each.layer === layer);
      if (own.length === 0) return [];
      const uses = own.filter(({ kind }) => kind !== 'type');
      const types = own.filter(({ kind }) => kind === 'type');
      return [
        [
          `### ${title}`,
          ...(uses.length === 0 ? [] : ['', '| export | |', '| --- | --- |', ...uses.map(row)]),
          ...(types.length === 0 ? [] : ['', '| type | |', '| --- | --- |', ...types.map(row)]),
        ].join('\n'),
      ];
    })
    .join('\n\n');
}

function row({ name, kind, docs }: LibraryExport): string {
  const call = kind === 'function' ? `${name}()` : name;
  return `| \`${call}\` | ${firstSentence(docs).replaceAll('|', '\\|')} |`;
}

/** Up to the first full stop that ends a sentence, without it. */
function firstSentence(text: string): string {
  return /^.*?(?=\.( [A-Z`]|$))/.exec(text)?.[0] ?? text;
}
