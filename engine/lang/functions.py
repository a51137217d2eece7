"""Names of Stata's functions: a name outside this list before ``(`` is a slip of the pen, not a function."""

from __future__ import annotations

DATE_LITERALS = frozenset({"tc", "tC", "td", "tw", "tm", "tq", "th", "ty"})
"""Functions whose argument is a date as one writes it: ``td(01jan2000)``."""

_NAMES = """
    abs acos acosh asin asinh atan atan2 atanh ceil cloglog comb cos cosh digamma exp expm1 floor int invcloglog
    invlogit ln ln1m ln1p lnfactorial lngamma log log10 log1m log1p logit max min mod reldif round sign sin sinh sqrt
    sum tan tanh trigamma trunc
    autocode byteorder chop clip cond inlist inrange irecode mi missing recode scalar smallestdouble
    maxbyte maxdouble maxfloat maxint maxlong minbyte mindouble minfloat minint minlong epsdouble epsfloat float
    betaden binomial binomialp binomialtail binormal chi2 chi2den chi2tail exponential exponentialden exponentialtail
    F Fden Ftail gammaden gammap gammaptail hypergeometric hypergeometricp ibeta ibetatail invbinomial
    invbinomialtail invchi2 invchi2tail invexponential invexponentialtail invF invFtail invgammap invgammaptail
    invibeta invibetatail invlogistic invlogistictail invnbinomial invnchi2 invnF invnFtail invnibeta invnormal
    invpoisson invpoissontail invnt invnttail invt invttail invtukeyprob invweibull laplace laplaceden logistic
    logisticden logistictail lnnormal lnnormalden nbetaden nbinomial nbinomialp nbinomialtail nchi2 nchi2den nchi2tail
    nF nFden nFtail nibeta normal normalden npnchi2 npnF npnt nt ntden nttail poisson poissonp poissontail t tden ttail
    tukeyprob weibull weibullden weibulltail
    rbeta rbinomial rcauchy rchi2 rexponential rgamma rhypergeometric rlaplace rlogistic rnbinomial rnormal rpoisson
    rt runiform runiformint rweibull uniform
    abbrev char fileexists indexnot itrim length lower ltrim plural proper real regexm regexr regexs reverse
    rtrim soundex string stritrim strlen strlower strltrim strmatch strofreal strpos strproper strreverse strrpos
    strrtrim strtoname strtrim strupper subinstr subinword substr trim uchar udsubstr ustrlen ustrlower ustrupper upper
    usubstr word wordcount
    bofd Cdhms Chms clock Clock cofC Cofc cofd Cofd daily date day dhms dofb dofc dofC dofh dofm dofq dofw dofy dow doy
    halfyear halfyearly hh hms hofd hours mdy mdyhms minutes mm mofd month monthly msofhours msofminutes msofseconds
    qofd quarter quarterly seconds ss today now week weekly wofd year yearly yh ym yofd yq yw
    group ntile
"""
MATRIX_NUMBERS = frozenset(
    ["el", "colsof", "rowsof", "colnumb", "rownumb", "det", "diag0cnt", "trace", "issymmetric", "matmissing", "mreldif"]
)
"""Functions of matrices that give a number, and so may stand in any expression."""

FUNCTIONS = DATE_LITERALS | MATRIX_NUMBERS | frozenset(_NAMES.split())
