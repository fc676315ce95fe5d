/** Reminders: alarms that go off though the process was killed in between. */
@NullMarked
package dev.abide.examples.reminder;

import org.jspecify.annotations.NullMarked;
