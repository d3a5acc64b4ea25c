/* P3(N,2,0) for SPIN: each task looks at each entry under one lock, and fills it if it is empty. */
#ifndef N
#define N 8
#endif
byte pte[2];
byte ptl; /* 0: free, else who holds it */

proctype task(byte id) {
  byte v;
  atomic { ptl == 0 -> ptl = id };
  v = pte[0];
  if :: v == 0 -> pte[0] = id :: else fi;
  d_step { ptl = 0; v = 0 };
  atomic { ptl == 0 -> ptl = id };
  v = pte[1];
  if :: v == 0 -> pte[1] = id :: else fi;
  d_step { ptl = 0; v = 0 }
}

init {
  byte i = 1;
  atomic { do :: i <= N -> run task(i); i++ :: else -> break od }
}
