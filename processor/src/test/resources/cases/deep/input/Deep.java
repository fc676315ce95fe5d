package shop;

import dev.abide.annotations.DurableObject;
import java.util.List;

@DurableObject("deep")
interface Deep {
  record R0(R1 next) {}

  record R1(R2 next) {}

  record R2(R3 next) {}

  record R3(R4 next) {}

  record R4(R5 next) {}

  record R5(R6 next) {}

  record R6(R7 next) {}

  record R7(R8 next) {}

  record R8(R9 next) {}

  record R9(R10 next) {}

  record R10(R11 next) {}

  record R11(R12 next) {}

  record R12(R13 next) {}

  record R13(R14 next) {}

  record R14(R15 next) {}

  record R15(R16 next) {}

  record R16(R17 next) {}

  record R17(R18 next) {}

  record R18(R19 next) {}

  record R19(R20 next) {}

  record R20(R21 next) {}

  record R21(R22 next) {}

  record R22(R23 next) {}

  record R23(R24 next) {}

  record R24(R25 next) {}

  record R25(R26 next) {}

  record R26(R27 next) {}

  record R27(R28 next) {}

  record R28(R29 next) {}

  record R29(R30 next) {}

  record R30(R31 next) {}

  record R31(R32 next) {}

  record R32(R33 next) {}

  record R33(R34 next) {}

  record R34(R35 next) {}

  record R35(R36 next) {}

  record R36(R37 next) {}

  record R37(R38 next) {}

  record R38(R39 next) {}

  record R39(R40 next) {}

  record R40(R41 next) {}

  record R41(R42 next) {}

  record R42(R43 next) {}

  record R43(R44 next) {}

  record R44(R45 next) {}

  record R45(R46 next) {}

  record R46(R47 next) {}

  record R47(R48 next) {}

  record R48(R49 next) {}

  record R49(R50 next) {}

  record R50(R51 next) {}

  record R51(R52 next) {}

  record R52(R53 next) {}

  record R53(R54 next) {}

  record R54(R55 next) {}

  record R55(R56 next) {}

  record R56(R57 next) {}

  record R57(R58 next) {}

  record R58(R59 next) {}

  record R59(R60 next) {}

  record R60(List<R0> all) {}

  void put(R0 first);
}
