clear
set seed 2002
set obs 5
gen dist_id=_n
gen dist_fe = rnormal()*2
expand 5
gen school_id=_n
gen school_fe = rnormal()*3
expand 8
gen teach_id = _n
gen teacher_fe = rnormal()*4
expand 20
gen student_id = _n
gen student_fe = rnormal()*5
expand 2
sort student_id
gen semester = mod(_n-1,2) + 1
gen u = rnormal()*6
gen tutoring = rbinomial(1,.2)
gen perform = 2*tutoring + dist_fe + school_fe + teacher_fe + student_fe + u
xtset student_id
xtreg perform tutoring, fe
xtreg perform tutoring, re
xtmixed perform tutoring || student_id:
* as printed: the nesting is backwards
xtmixed perform tutoring || student_id: || teach_id: || school_id: || dist_id:
/* as the answer to it has it; "Performing EM optimization:" and what follows
   the printed tables stand inside a comment of this kind */
xtmixed perform tutoring || dist_id: || school_id: || teach_id: || student_id:
