/** All examples behind one HTTP server, with a page that drives them. */
@NullMarked
package dev.abide.examples.demo;

import org.jspecify.annotations.NullMarked;
