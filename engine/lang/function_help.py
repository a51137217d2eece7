"""What the functions of the expression language do: how each is written, and one sentence about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunctionHelp:
    """A function under its heading: ``ln(x)``, *natural logarithm*."""

    name: str
    syntax: str
    help: str
    group: str


GROUPS = ("Mathematical", "Choosing and testing", "Probability", "Random numbers", "Text", "Dates")

_MATHEMATICAL = """
abs(x)|absolute value
acos(x)|arc cosine in radians
acosh(x)|inverse hyperbolic cosine
asin(x)|arc sine in radians
asinh(x)|inverse hyperbolic sine
atan(x)|arc tangent in radians
atan2(y,x)|angle of the point (x, y) in radians
atanh(x)|inverse hyperbolic tangent
ceil(x)|smallest whole number that is not below x
chop(x,tolerance)|x rounded where it is that near to a whole number
cloglog(p)|complementary log-log of a probability
comb(n,k)|number of ways to choose k of n
cos(x)|cosine of x radians
cosh(x)|hyperbolic cosine
digamma(x)|derivative of lngamma()
epsdouble()|precision of type double
epsfloat()|precision of type float
exp(x)|e to the power of x
expm1(x)|e to the power of x, less 1, exact for small x
float(x)|x rounded to the precision of a float variable
floor(x)|largest whole number that is not above x
int(x)|x without its decimals
invcloglog(x)|inverse of cloglog()
invlogit(x)|probability with this log odds
ln(x)|natural logarithm
ln1m(x)|natural logarithm of 1 - x, exact for small x
ln1p(x)|natural logarithm of 1 + x, exact for small x
lnfactorial(n)|natural logarithm of n!
lngamma(x)|natural logarithm of the gamma function
log(x)|natural logarithm, the same as ln()
log10(x)|logarithm to base 10
log1m(x)|the same as ln1m()
log1p(x)|the same as ln1p()
logit(p)|log odds of a probability
max(x1,x2,...)|largest of the values that are not missing
maxbyte()|largest number of type byte
maxdouble()|largest number of type double
maxfloat()|largest number of type float
maxint()|largest number of type int
maxlong()|largest number of type long
min(x1,x2,...)|smallest of the values that are not missing
minbyte()|smallest number of type byte
mindouble()|smallest number of type double
minfloat()|smallest number of type float
minint()|smallest number of type int
minlong()|smallest number of type long
mod(x,y)|remainder of x divided by y
reldif(x,y)|relative difference: the distance of x and y over abs(y) + 1
round(x,unit)|x to the nearest multiple of unit, which is 1 unless given
sign(x)|-1, 0 or 1
sin(x)|sine of x radians
sinh(x)|hyperbolic sine
smallestdouble()|smallest positive number of type double
sqrt(x)|square root
sum(x)|running sum from the first observation on
tan(x)|tangent of x radians
tanh(x)|hyperbolic tangent
trigamma(x)|second derivative of lngamma()
trunc(x)|the same as int()
"""

_CHOOSING = """
autocode(x,n,low,high)|upper end of that one of n equal intervals of low to high that x lies in
clip(x,low,high)|x, but not below low and not above high
cond(test,a,b)|a where the test holds, b where it does not
inlist(z,a,b,...)|1 where z is one of the values, else 0
inrange(z,a,b)|1 where z lies between a and b, both included
irecode(x,x1,x2,...)|how many of the ascending limits are below x
mi(x1,x2,...)|1 where any of the values is missing, else 0
missing(x1,x2,...)|1 where any of the values is missing, else 0
recode(x,x1,x2,...)|the first of the ascending limits that is at least x
"""

_PROBABILITY = """
betaden(a,b,x)|density of the beta distribution
binomial(n,k,p)|probability of at most k successes in n
binomialp(n,k,p)|probability of k successes in n
binomialtail(n,k,p)|probability of at least k successes in n
chi2(df,x)|chi-squared distribution up to x
chi2den(df,x)|density of the chi-squared distribution
chi2tail(df,x)|chi-squared distribution beyond x
exponential(mean,x)|exponential distribution up to x
F(df1,df2,f)|F distribution up to f
Fden(df1,df2,f)|density of the F distribution
Ftail(df1,df2,f)|F distribution beyond f
gammaden(a,b,g,x)|density of the gamma distribution with shape a, scale b and origin g
gammap(a,x)|gamma distribution of shape a up to x
gammaptail(a,x)|gamma distribution of shape a beyond x
ibeta(a,b,x)|beta distribution up to x
ibetatail(a,b,x)|beta distribution beyond x
invchi2(df,p)|x that chi2() takes to p
invchi2tail(df,p)|x that chi2tail() takes to p
invF(df1,df2,p)|f that F() takes to p
invFtail(df1,df2,p)|f that Ftail() takes to p
invgammap(a,p)|x that gammap() takes to p
invibeta(a,b,p)|x that ibeta() takes to p
invnormal(p)|z that normal() takes to p
invt(df,p)|t that t() takes to p
invttail(df,p)|t that ttail() takes to p
lnnormal(z)|natural logarithm of normal()
lnnormalden(z)|natural logarithm of normalden()
logistic(mean,scale,x)|logistic distribution up to x
nchi2(df,noncentrality,x)|noncentral chi-squared distribution up to x
normal(z)|standard normal distribution up to z
normalden(z,mean,sd)|normal density; mean and standard deviation may be left out
poisson(mean,k)|probability of at most k events
poissonp(mean,k)|probability of k events
poissontail(mean,k)|probability of at least k events
t(df,t)|t distribution up to t
tden(df,t)|density of the t distribution
ttail(df,t)|t distribution beyond t
"""

_RANDOM = """
rbinomial(n,p)|binomial random number
rchi2(df)|chi-squared random number
rexponential(scale)|exponential random number with this mean
rgamma(shape,scale)|gamma random number
rnormal(mean,sd)|normal random number, standard without arguments
rpoisson(mean)|Poisson random number
rt(df)|random number from a t distribution
runiform(low,high)|uniform random number, between 0 and 1 without arguments
runiformint(low,high)|whole random number from low to high
"""

_TEXT = """
abbrev(s,n)|name shortened to n characters
char(code)|character of this code
indexnot(s,letters)|place of the first character that is none of the letters, 0 for none
itrim(s)|text with single blanks inside
length(s)|number of bytes of a text
lower(s)|text in small letters
ltrim(s)|text without blanks at its start
plural(n,s,change)|word for n things; +, - or another word may tell how it changes
proper(s)|text with each word in a capital
real(s)|number that a text stands for
regexm(s,pattern)|1 where the pattern is found
regexr(s,pattern,new)|text with the first match replaced
reverse(s)|text backwards
rtrim(s)|text without blanks at its end
soundex(s)|letter and digits that a name sounds like
string(x,format)|number as text; the format may be left out
stritrim(s)|text with single blanks inside
strlen(s)|number of bytes of a text
strlower(s)|text in small letters
strltrim(s)|text without blanks at its start
strmatch(s,pattern)|1 where the text has the shape, with * and ?
strofreal(x,format)|number as text; the format may be left out
strpos(s,part)|place of the first occurrence, 0 for none
strproper(s)|text with each word in a capital
strreverse(s)|text backwards
strrpos(s,part)|place of the last occurrence, 0 for none
strrtrim(s)|text without blanks at its end
strtoname(s)|text made into a name
strtrim(s)|text without blanks at either end
strupper(s)|text in capitals
subinstr(s,old,new,n)|text with the first n occurrences replaced; . for all
subinword(s,old,new,n)|text with the first n occurrences of a word replaced; . for all
substr(s,start,n)|n bytes of a text from the place start
trim(s)|text without blanks at either end
uchar(code)|character of this Unicode code
upper(s)|text in capitals
ustrlen(s)|number of characters of a text
ustrlower(s)|text in small letters
ustrupper(s)|text in capitals
usubstr(s,start,n)|n characters of a text from the place start
word(s,n)|the n-th word
wordcount(s)|number of words
"""

_DATES = """
clock(s,order)|date and time that a text names; the order is such as "DMYhms"
cofd(d)|date and time of the beginning of a day
daily(s,order)|day that a text names; the order is such as "DMY"
date(s,order)|day that a text names; the order is such as "DMY"
day(d)|day of the month
dhms(d,hour,minute,second)|date and time of a day and a time
dofc(c)|day of a date and time
dofh(h)|first day of a half-year
dofm(m)|first day of a month
dofq(q)|first day of a quarter
dofw(w)|first day of a week
dofy(y)|first day of a year
dow(d)|day of the week, 0 for Sunday
doy(d)|day of the year
halfyear(d)|half of the year, 1 or 2
halfyearly(s,order)|half-year that a text names; the order is "YH" or "HY"
hh(t)|hour of a date and time
hms(hour,minute,second)|milliseconds of a time of day
hofd(d)|half-year of a day
hours(ms)|milliseconds in hours
mdy(month,day,year)|day with these numbers
mdyhms(month,day,year,hour,minute,second)|date and time with these numbers
minutes(ms)|milliseconds in minutes
mm(t)|minute of a date and time
mofd(d)|month of a day
month(d)|month of the year
monthly(s,order)|month that a text names; the order is "YM" or "MY"
msofhours(h)|hours in milliseconds
msofminutes(m)|minutes in milliseconds
msofseconds(s)|seconds in milliseconds
now()|date and time now
qofd(d)|quarter of a day
quarter(d)|quarter of the year
quarterly(s,order)|quarter that a text names; the order is "YQ" or "QY"
seconds(ms)|milliseconds in seconds
ss(t)|second of a date and time
tC(text)|date and time as written, leap seconds counted
tc(text)|date and time as written: tc(31dec2020 23:59:59)
td(text)|day as written: td(31dec2020)
th(text)|half-year as written: th(2020h2)
tm(text)|month as written: tm(2020m12)
today()|day today
tq(text)|quarter as written: tq(2020q4)
tw(text)|week as written: tw(2020w52)
ty(text)|year as written: ty(2020)
week(d)|week of the year
weekly(s,order)|week that a text names; the order is "YW" or "WY"
wofd(d)|week of a day, counted from 1960
year(d)|year of a day
yearly(s,order)|year that a text names; the order is "Y"
yh(year,half)|half-year with these numbers
ym(year,month)|month with these numbers
yofd(d)|year of a day
yq(year,quarter)|quarter with these numbers
yw(year,week)|week with these numbers
"""


def _read(group: str, table: str) -> list[FunctionHelp]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return [FunctionHelp(syntax.partition("(")[0], syntax, text, group) for syntax, text in rows]


FUNCTION_HELP: tuple[FunctionHelp, ...] = tuple(
    entry
    for group, table in zip(GROUPS, (_MATHEMATICAL, _CHOOSING, _PROBABILITY, _RANDOM, _TEXT, _DATES), strict=True)
    for entry in _read(group, table)
)
"""Every function that expressions know, group by group."""
