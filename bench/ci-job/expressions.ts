/** What an expression may ask for: "steps" -> { parts: { outputs: { "cache-hit": "true" } } }. */
export type Contexts = Record<string, unknown>;

/**
 * GitHub's expressions, as far as our own files use them: contexts, ==, !=, !, &&, ||, text and the status functions.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 * @throws SyntaxError for anything else
 */
export const filledIn = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, contexts) ?? ""));

/** Whether a step with this `if:` runs. Without a status function GitHub puts `success() &&` before it. */
export function isMet(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
  const bare = (condition ?? "").replace(/^\$\{\{(.*)\}\}$/, "$1").trim() || "success()";
  const whole = /\b(always|cancelled|failure|success)\(\)/.test(bare) ? bare : `success() && (${bare})`;
  return Boolean(evaluate(whole, { ...contexts, success: !failed, failure: failed, always: true, cancelled: false }));
}

function evaluate(expression: string, contexts: Contexts): unknown {
  const tokens = expression.match(/'[^']*'|[\w-]+(?:\.[\w-]+)*(?:\(\))?|&&|\|\||==|!=|[!()]|\S/g) ?? [];
  const next = () => tokens.shift();
  const isNext = (...some: string[]) => some.includes(tokens[0] ?? "");
  const or = (): unknown => {
    let value = and();
    while (isNext("||")) {
      next();
      const other = and();
      value = value || other;
    }
    return value;
  };
  const and = (): unknown => {
    let value = equal();
    while (isNext("&&")) {
      next();
      const other = equal();
      value = value && other;
    }
    return value;
  };
  const equal = (): unknown => {
    const value = one();
    if (!isNext("==", "!=")) return value;
    const isEqual = next() === "==";
    return (value === one()) === isEqual;
  };
  const one = (): unknown => {
    const token = next() ?? "";
    if (token === "!") return !one();
    if (token === "(") {
      const value = or();
      if (next() !== ")") throw new SyntaxError(`no ) in: ${expression}`);
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1);
    if (/^[a-z]/i.test(token)) return lookUp(token.replace("()", ""), contexts);
    throw new SyntaxError(`${token} in: ${expression}`);
  };
  const value = or();
  if (tokens.length > 0) throw new SyntaxError(`${tokens[0]} in: ${expression}`);
  return value;
}

/** "" for what is not there, as GitHub has it. */
const lookUp = (path: string, contexts: Contexts): unknown =>
  path.split(".").reduce<unknown>((value, key) => (value as Contexts | undefined)?.[key], contexts) ?? "";
