import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "src/api/schema.d.ts"]),
  {
    files: ["src/**/*.{ts,tsx}", "bare/*.tsx", "vite.*.ts"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      jsxA11y.flatConfigs.strict,
      reactHooks.configs.flat["recommended-latest"],
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      // A handler may be async: errors are caught where the work is done.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value=/^react(-dom)?$/] ImportSpecifier[imported.name=/^(useActionState|useFormStatus|useOptimistic)$/]",
          message: "Only React's types have it; Preact does not.",
        },
        {
          selector: ":not(TaggedTemplateExpression) > TemplateLiteral[expressions.length>0][quasis.0.value.raw=/^\\u002F(c|p|orders|help|search|sign-in)[\\u002F?]/]",
          message: "An address of the shop is made by path`…`, which encodes its values.",
        },
      ],
      // The direction of imports: app → pages → features → components → api.
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["../*/*", "../../*"], message: "Import from other folders by `@/…`." }] },
      ],
    },
  },
  {
    files: ["src/app/**", "src/pages/**", "src/*.ts*"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/staff/**"], message: "Nothing of the staff's console is part of the shop." }] }] },
  },
  {
    files: ["src/staff/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/pages/*", "@/app/*"], message: "The staff's console must not import the shop's pages or its app." }] }] },
  },
  {
    files: ["src/components/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/features/*", "@/pages/*", "@/app/*", "@/staff/**"], message: "Components must not import features, pages or the app." }] }] },
  },
  {
    files: ["src/features/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/pages/*", "@/app/*", "@/staff/**"], message: "Features must not import pages or the app." }] }] },
  },
);
