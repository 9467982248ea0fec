declare global {
  interface ImportMeta {
    /** Set where esbuild bundles the package (scripts/build.ts), which leaves out what stands behind `if (!…)` of it. */
    readonly inPackage?: true;
  }
}

/** Whether this code is the package's, bundled, and not a clone's sources. */
export const IN_PACKAGE = import.meta.inPackage === true;
