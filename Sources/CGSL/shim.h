/* GSL as Swift sees it, and the little that Swift cannot import. */
#include <gsl/gsl_bspline.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_version.h>

/* A C global: Swift 6 refuses it as shared mutable state. */
static inline const gsl_qrng_type *breakeven_gsl_sobol(void) { return gsl_qrng_sobol; }
static inline const gsl_root_fsolver_type *breakeven_gsl_brent(void) { return gsl_root_fsolver_brent; }
static inline const char *breakeven_gsl_version(void) { return gsl_version; }
static inline const gsl_multifit_nlinear_type *breakeven_gsl_trust(void) { return gsl_multifit_nlinear_trust; }
static inline const gsl_multimin_fminimizer_type *breakeven_gsl_simplex(void) { return gsl_multimin_fminimizer_nmsimplex2; }
