/* zlib as Swift sees it: nothing had to be added. */
#include <zlib.h>
