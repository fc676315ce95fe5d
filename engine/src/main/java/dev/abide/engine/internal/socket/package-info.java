/**
 * Sockets as an idea, with no server in sight. An adapter brings a {@link
 * dev.abide.engine.spi.SocketWire}; the engine makes a {@link
 * dev.abide.engine.internal.socket.Connection} of it, which belongs to an object's {@link
 * dev.abide.engine.internal.socket.ObjectSockets} and outlives the object's sleep there.
 *
 * <p>In: events become turns in the object's mailbox. Out: what a turn sends is held until it ends
 * well, becomes a {@link dev.abide.engine.internal.socket.Batch} with the newest commit that the
 * turn depends on, and passes the {@link dev.abide.engine.internal.socket.Outbox} in order when
 * that is durable.
 */
@NullMarked
package dev.abide.engine.internal.socket;

import org.jspecify.annotations.NullMarked;
