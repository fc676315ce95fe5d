package dev.abide.processor;

import javax.lang.model.element.Element;

/**
 * Where a type was met, for reports.
 *
 * @param at the element to report at
 * @param owner the type that declares it
 * @param subject it in words: {@code parameter lines of Cart.add}
 * @param name the path's beginning: {@code lines}, {@code result}
 */
record Spot(Element at, Element owner, String subject, String name) {}
