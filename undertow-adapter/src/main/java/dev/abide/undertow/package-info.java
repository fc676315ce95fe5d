/**
 * The edge: HTTP and JSON on Undertow. A request names a type, an id and an exposed method; the
 * edge reads and judges it on an I/O thread, hands the call through the engine's asynchronous door,
 * and answers when all that the reply depends on is durable.
 */
@NullMarked
package dev.abide.undertow;

import org.jspecify.annotations.NullMarked;
