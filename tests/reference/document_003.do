* 1. Model specification
bysort id: egen devses=sd(ses)
mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector devses || id: female, cov(unstr)
* 2. Multicollinearity
pwcorr mathach ses female meanses sector size
reg mathach ses female meanses sector size
vif
egen tagged=tag(id)
bysort id: egen mathachm=mean(mathach)
reg mathachm meanses sector size if tagged==1
vif
* 3. Normality
histogram size if tagged==1
ladder size if tagged==1
gladder size if tagged==1
gen sizesqrt=sqrt(size)
ladder mathach
gladder mathach
sum mathach
gen mathach_c=mathach-r(min)+1
sum mathach_c
ladder mathach_c
gladder mathach_c
sum mathach
gen mathachr=r(max)+1-mathach
sum mathachr
graph box ses
sum ses, detail
gen ses1=clip(ses, -2.9, 1.9)
mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr)
est store baseline
predict llresid, resid
histogram llresid, normal
qnorm llresid
predict l2resid*, reffects
histogram l2resid1 if tagged==1, normal
qnorm l2resid1
histogram l2resid2 if tagged==1, normal
qnorm l2resid2
mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr) robust
set seed 7708
bootstrap, cluster(id): mixed mathach c.ses##c.meanses c.ses##i.sector ///
    i.female##c.meanses i.female##i.sector || id: female, cov(unstr)
* 4. Linearity
lowess mathach ses1
lowess mathach ses1, bwidth(.1)
scatter mathach ses1, mcolor(yellow) || lowess mathach ses1, lcolor(red) || ///
    lfit mathach ses1, lcolor(blue)
search mrunning
capture noisily mrunning mathach ses female sector meanses size
sum size if tagged==1
replace size=size-r(mean)
gen size2=size^2
qui mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr)
predict xb, xb
scatter llresid xb
lowess llresid ses
lowess l2resid1 meanses if tagged==1
lowess l2resid2 meanses if tagged==1
lowess l2resid1 pracad if tagged==1
lowess l2resid2 pracad if tagged==1
mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector ///
    i.female##c.meanses##c.meanses##c.meanses i.female##i.sector || id: female, cov(unstr)
estat ic
mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female || id: ///
    female, cov(unstr)
estat ic
sum ses
global sesmin=r(min)
global sesmax=r(max)
global sesmean=r(mean)
global plussd=r(mean)+r(sd)
global minusd=r(mean)-r(sd)
sum meanses if tagged==1
global meansesmin=r(min)
global meansesmax=r(max)
global meansesmean=r(mean)
global meansesplussd=r(mean)+r(sd)
global meansesminusd=r(mean)-r(sd)
margins, at(ses= ($sesmin $minusd $sesmean $plussd $sesmax) meanses= ///
    ($meansesmin $meansesminusd $meansesmean $meansesplussd $meansesmax))
marginsplot, x(meanses)
marginsplot, x(ses)
* 5. Homoscedasticity
qui mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr)
scatter llresid xb
graph twoway (scatter llresid xb, by(female))
bysort female: sum llresid
mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr) residuals(independent, by(female))
estat ic
est store efemale
lrtest efemale baseline
est store egender
estat ic
qui mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr)
est store baseline
estat ic
lrtest baseline egender
mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses ///
    i.female##i.sector || id: female, cov(unstr) residuals(independent, by(sector))
