/** The operator's tool: looks into directories and backups without the application's classes. */
@NullMarked
package dev.abide.data;

import org.jspecify.annotations.NullMarked;
