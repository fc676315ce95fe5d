package shop;

/** Has the name of a class of java.lang. */
class Override {}
