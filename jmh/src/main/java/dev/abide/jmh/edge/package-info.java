/** What an outside load tool calls: the edge, and a bare server beside it. */
@NullMarked
package dev.abide.jmh.edge;

import org.jspecify.annotations.NullMarked;
