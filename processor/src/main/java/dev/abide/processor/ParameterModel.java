package dev.abide.processor;

import com.palantir.javapoet.TypeName;

/**
 * One parameter of a method.
 *
 * @param name its name
 * @param label it in errors: {@code argument lines of Cart.add}
 * @param type its type, type arguments resolved
 * @param shape how an argument is copied
 * @param nullable whether an argument may be null
 */
record ParameterModel(String name, String label, TypeName type, Shape shape, boolean nullable) {}
