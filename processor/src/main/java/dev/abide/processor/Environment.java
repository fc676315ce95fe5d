package dev.abide.processor;

import javax.annotation.processing.Filer;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * What a step works with.
 *
 * @param elements the compiler's elements
 * @param types the compiler's types
 * @param filer where generated files go
 * @param problems where refusals go
 */
record Environment(Elements elements, Types types, Filer filer, ProblemReporter problems) {}
