/** The engine's metrics for Micrometer, and by it for Prometheus and many others. */
@NullMarked
package dev.abide.micrometer;

import org.jspecify.annotations.NullMarked;
