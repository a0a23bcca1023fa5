/* libyaml as Swift sees it: nothing had to be added. */
#include <yaml.h>
