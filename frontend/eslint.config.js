import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y-x";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Layers from the ground up; a layer imports only those before it. */
const layers = ["api", "domain", "live", "queries", "ui", "features", "app"];

function forbid(files, ...patterns) {
  return { files, ignores: ["**/*.test.*"], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const layerRules = layers.map((layer, depth) => {
  const above = layers.slice(depth + 1).map((name) => ({
    regex: `^(\\.\\./)+${name}/`,
    message: `${layer}/ is below ${name}/: imports go downwards only.`,
  }));
  const siblings = { regex: "^\\.\\./[^.]", message: "A feature imports no other feature." };
  return forbid([`src/${layer}/**`], ...above, ...(layer === "features" ? [siblings] : []));
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [jsxA11y.configs.strict, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: { globals: globals.browser },
    rules: {
      // A region that scrolls must be reachable for the keyboard.
      "jsx-a11y-x/no-noninteractive-tabindex": ["error", { tags: [], roles: ["region"] }],
      // It speaks about the React Compiler, which is not used here.
      "react-hooks/incompatible-library": "off",
    },
  },
  ...layerRules,
);
