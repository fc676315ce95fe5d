/** Results of benchmarks: kept, compared, and shown. */
@NullMarked
package dev.abide.jmh.report;

import org.jspecify.annotations.NullMarked;
