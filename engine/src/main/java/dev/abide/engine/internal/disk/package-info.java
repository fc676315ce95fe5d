/**
 * The only way to files: a small interface, so that tests can block, fail, tear and lose what a
 * real disk may.
 */
@NullMarked
package dev.abide.engine.internal.disk;

import org.jspecify.annotations.NullMarked;
