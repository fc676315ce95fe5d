package shop;

import dev.abide.annotations.*;

@Exposed(sockets = true)
final class DraftObject {}

@Exposed(sockets = true)
interface Shelf {}
