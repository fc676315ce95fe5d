package shop;

import dev.abide.annotations.*;
import java.util.*;

@Stored
class Line {}

@Stored
interface Open {}

@Stored
@interface Mark {}
