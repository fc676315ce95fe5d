/**
 * The edge: HTTP, JSON and WebSockets on Undertow. Not yet built; nothing is exported from here.
 */
@NullMarked
package dev.abide.undertow;

import org.jspecify.annotations.NullMarked;
