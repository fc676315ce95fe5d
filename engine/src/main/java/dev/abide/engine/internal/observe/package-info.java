/**
 * What an engine tells of itself: counters, which cost a call nothing, and events for Flight
 * Recorder, which cost nothing while no recording asks for them.
 */
@NullMarked
package dev.abide.engine.internal.observe;

import org.jspecify.annotations.NullMarked;
