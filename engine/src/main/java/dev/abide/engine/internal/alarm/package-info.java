/**
 * Alarms: what an object stores of them, when they go off, and who sees to it.
 *
 * <p>The way of an alarm: a turn sets it as a key of its object ({@link
 * dev.abide.engine.internal.alarm.AlarmsHandle}); when the commit is applied, the store's index
 * names it and tells the {@link dev.abide.engine.internal.alarm.AlarmScheduler}; when it is due the
 * scheduler hands it to the object's mailbox; its turn looks whether it is still the one that was
 * set, runs, and removes it or moves it on in its last commit.
 */
@NullMarked
package dev.abide.engine.internal.alarm;

import org.jspecify.annotations.NullMarked;
