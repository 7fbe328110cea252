"""How people who are away, offices that are closed and registries that register say so, a language at a time, in small letters with `'`.

The tables hold stems, not sentences: which word stands first, and what between them, differs from mail to mail. A blank at the
edge of a stem is the edge of a word.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """What one language needs to say it. A sentence tells an absence that holds one of `who` and one of `away`, or one of `alone`.

    `besides`: what goes along with it (thanks for the mail, whom to write to meanwhile, when it is answered). A sentence tells that a
    mail came in by one of `mail` with one of `came`, and that a machine tells it by one of `machine`. `more`: words of somebody who
    thinks of the matter; `later`: words of an absence that is still to
    begin, which only people tell.
    """

    who: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


ENGLISH = Tongue(
    who=(" is out ",
        " i am ", " i'm ", " i will be ", " i'll be ", " i have ", " we are ", " we will be ", " office", " embassy", " mission ", " consulate",
        " ministry", " department", " is currently ", " is now ", " is presently ", " travelling on ", " currently on ",
    ),
    away=(" ooo", " outside office hours", " outside working hours", " bereavement", " new position", " new post",
        " leave", " vacation", " holiday", " away ", " out of ", " out until", " out from", " not in the office", " closed", " travel",
        " on mission", " duty travel", " on business", " on a business", " sick", " off until", " off duty", " not available", " unavailable",
        " absent", " on training", " on secondment", " retired", " part-time", " part time", " not at my desk", " on tour",
        " left the ", " moved to another ", " attending a ", " on study ", " on official ", " not working", " furlough",
    ),
    alone=(" i am ooo", " out of the country", " out of town", " outside of office hours", " office hours are", " no longer handle", " no longer responsible", " no longer deal", " no longer in this", " no longer in the position", " no longer hold", " moved to a new", " compassionate leave", " bereavement leave", " back in the office on",
        " out of office", " out of the office", " on mission till", " on mission until", " on leave till", " on leave until", " away till",
        " away until", " back on ", " no longer work", " no longer employed", " no longer with ", " has left ", " have left ", " has retired",
        " no longer in use", " no longer active", " no longer monitored", " not monitored", " no longer check", " do not check e-mail",
        " do not check email", " office hours are ", " will be closed", " will remain closed", " not in the office", " annual leave",
        " maternity leave", " parental leave", " paternity leave", " sick leave", " medical leave", " home leave", " study leave",
    ),
    besides=(" please send all", " please send your", " please send any", "thanks for reaching", "thank you for reaching", " limited ", " not be able to", " unable to respond", " unable to reply", " taken over", " taking over", " takes over", " covering for", " filling in", " standing in", " looking after", " high volume", " working days", " business days", " our website", " appointments", " responses may", " important",
        "thank you for your", "thanks for your", "thank you for contacting", "thanks for getting in touch", "thank you for getting in touch",
        "thank you for writing", " contact", " urgent", " emergenc", " in my absence", " during this period", " during this time",
        " during my absence", " on my return", " upon my return", " upon return", " when i return", " when i am back", " when i'm back", " once i am back",
        " my return", " access to ", " internet", " intermittent", " check my e", " checking my e", " checking e", " will respond", " will reply",
        " will get back", " get back to you", " will revert", " will answer", " will be answered", " aim to reply", " aim to respond", " as soon as possible", " in due course", " will be returning",
        " will return", " will be back", " not be forwarded", " not forwarded", " be forwarded", " will resume", " resumes", " working hours", " direct all ", " please direct ",
        " please write to", " please email", " please e-mail", " please call", " kindly direct", " kindly forward", " kindly write", " please forward",
        " delay in respon", " delay in my respon", " delayed respon", " slow to respond", " apolog", " inconvenience", " patience", " understanding", " acting ", " in charge",
        " acting head", " wish you", " national day", " public holiday", " season's greetings", " happy ", " reopen", " re-open", " not be read",
    ),
    mail=(" your incident", " an incident", " the incident",
        " your email", " your e-mail", " your mail", " your message", " your request", " your correspondence", " your letter", " your enquiry", " your inquiry",
        " your query", " your submission", " your communication", " a ticket", " a case", " your ticket", " your case",
    ),
    came=(" forwarded to the", " passed to the", " referred to the", " transmitted to the", " has been forwarded", " received", " receipt", " registered", " logged", " recorded", " reached us", " created", " opened", " got your", " assigned"),
    machine=(" do not reply to this", " don't reply to this", " do not reply to e", " not attended", " not answered from",
        " automat", " auto-", " autoreply", " auto reply", " autorespon", " system generated", " system-generated", " computer generated", " computer-generated",
        " not reply to this", " reply above this line", " above this line", "type your reply above", " unattended",
        " not monitored",
    ),
    more=(" send me", " send us", " resend", " the link", " this file", " this matter", " this issue", " this subject", " for the delay", " the meeting ", " our meeting", " a meeting with", " meet you", " about the ", " about annex", " signed", " i was ", " i have been", " was on ", " were closed", " was closed", " was away", " late reply", " late response", " am back from", "'m back from", " just returned", " returned from", " our input", " our position", " our respon", " our feedback", " our national", " the report", " the form", " the survey", " the document", " the note ", " the letter", " the call", " arrange", " another time", " reschedul", " appointment", " discuss", " invit", " to attend", " cannot attend", " i have forw", " i have pass", " i have shar", " i have sent", " i have cop", " i have ask", " i have inform", " i have not", " i have read", " i have rec", " i have trans", " i have add", " i've ", " am forwarding", " am copying", " in copy", " i forwarded", " i passed", " the minister ", " the ambassador ", " the director ", " prepar", " consult ", " consultation", " finaliz", " finalis", " compil", " coordinat", " working on", " replaced by", " files", " could you", " can you", " can we", " could we", " shall we",
        " but ", " however", " so ", " therefore", " before i ", " before then", " attach", " enclos", " deadline", " extension", " extend", " questionnaire",
        " draft", " our reply", " our answer", " our submission", " our comment", " our contribution", " we agree", " i agree", " agreed", " figures",
        " our government", " the government", " no comment", " nothing to report", " i confirm", " we confirm", " we will submit", " we will send",
        " i will send", " i'll send", " you asked", " as discussed", " yes", " the answer is",
    ),
    later=(" next week", " next month", " tomorrow", " from monday", " from tuesday", " from wednesday", " from thursday", " from friday", " from saturday", " from sunday", " from next ", " as of next", " starting monday", " starting next", " later this week", " soon ",),
)  # fmt: skip

FRENCH = Tongue(
    who=(" greffe",
        " je ", " j'", " nous ", " actuellement", " bureaux", " ambassade", " secrétariat", " ministère", " services", " est ", " sera ", " seront ",
    ),
    away=(
        " absen", " congé", " mission ", " déplacement", " vacances", " fermé", " hors du bureau", " ne travaille", " quitté", " retraite", " en formation",
        " arrêt maladie", " arrêt de travail", " pas disponible", " indisponible", " à l'étranger", " temps partiel",
    ),
    alone=(" hors du pays", " fermé du ", " fermée du ", " fermés du ", " cessé mes fonctions", " plus en charge", " plus chargé",
        "jusqu'au retour", "ai quitté mes fonctions", " a quitté ", " n'est plus relevé", " n'est plus consult", " n'est plus utilis", " n'est plus activ", " n'est pas relevé",
        " ne fait plus partie", " ne travaille plus", " plus en fonction", " absent du bureau", " absente du bureau", " congé maternité", " congé de maternité",
        " congé parental", " congé annuel", " congé maladie", " de retour le", " de retour à partir", " sera fermé", " seront fermé",
    ),
    besides=(" ne pourrai", " pas en mesure", " assure ", " assuré par", " remplac", " reprend mes", " rapidité habituelle", " réouverture", " lu à mon", " reviendrai", " jours ouvrés", " jours ouvrables",
        "merci de votre", "merci pour votre", "remercie", " contacter", " contact ", " urgen", "adresser", " en mon absence", " durant cette période", " pendant cette période", " pendant mon absence",
        " durant mon absence", " à mon retour", " dès mon retour", " de retour", " meilleurs délais", " plus brefs délais", " traité", " connaissance de v", " répondrai",
        " répondre à", " vous répondr", " accès à ", " accès limité", " transfér", " votre compréhension", " excus", " reprendr", "écrire à", " joindre ", " suppléance", "intérim", " merci d'écrire",
        " rouvrir", " fête nationale", " bonnes fêtes", " veuillez ",
    ),
    mail=(" votre courriel", " votre mail", " votre message", " votre e-mail", " votre email", " votre demande", " votre courrier", " votre correspondance", " votre requête"),
    came=(" reçu", " réception", " enregistr", " parvenu", " pris en compte", " prise en compte", " transmis"),
    machine=(" par un robot", " automati", " ne pas répondre", " ne pas y répondre", " pas répondre à ce", " ne répondez pas", " ne peut recevoir de réponse", " boîte non relevée"),
    more=(" m'envoyer", " nous envoyer", " le lien", " le fichier", " ce dossier", " j'étais", " était ", " étaient", " étions", " ai été ", " de retour de ", " réunion", " rendez-vous", " préparons", " préparation", " en cours", " j'ai transmis", "j'ai transféré", " je transmets", " je transfère", " le ministre ", " nos observations", " le rapport", " le formulaire", " en copie", " pourriez-vous", " pouvez-vous", " mais ", " toutefois", " cependant", " ci-joint", " ci-après", " en annexe", " délai supplémentaire", " report du délai", " questionnaire", " projet", " notre réponse", " notre contribution", " commentaire", " d'accord", " je confirme", " nous confirmons", " gouvernement"),
    later=(" la semaine prochaine", " le mois prochain", " demain", " dès demain", " à partir de demain", " à partir de lundi", " à compter de lundi", " dès lundi", " bientôt ",),
)  # fmt: skip

SPANISH = Tongue(
    who=(
        " estoy ", " estaré ", " me encuentro ", " me encontraré ", " estamos ", " estaremos ", " se encuentra ", " se encuentran ", " permanecer", " oficina", " embajada", " ministerio", " estará", " está ", " actualmente ", " salgo ", " hago uso",
    ),
    away=(" comisión de servicios", " fuera del país",
        " licencia", " vacaciones", " fuera ", " ausente", " de viaje", " en misión", " comisión de servicio", " cerrad", " permiso", " baja ", " reposo", " desconectad", " feriado", " no disponible", " receso", " asueto",
    ),
    alone=(" dejé de ", " fuera del país", " ya no ocupo", " ya no desempeño", " fuera del horario", " fuera de horario",
        " fuera de la oficina", " fuera de oficina", " ya no trabaj", " ya no labor", " ya no forma parte", " dejó de trabajar", " dejado de trabajar", " ya no está en uso", " ya no se utiliza", " ya no está activ", " no es monitoread", " no se supervisa", " no se revisa", " licencia por maternidad", " licencia de maternidad", " licencia médica", " baja por maternidad", " de vacaciones hasta", " permanecerá cerrad", " permanecerán cerrad",
    ),
    besides=(" no podré", " contestar", " llamar al", " reemplaz", " sustitu", " a cargo de", " asume ", " días hábiles", " hábiles",
        "gracias por su", "gracias por escribir", "gracias por contactar", "agradezco su", "agradecemos su", " urgen", " contact", " diríja", " dirigir", " comunica", " comuníque", " escrib", " en mi ausencia", " durante mi ausencia", " durante este período", " durante ese período", " durante este periodo",
        " a mi regreso", " a mi retorno", " a mi vuelta", " responderé", " responderemos", " le será respondid", " será atendid", " serán atendid", " a la brevedad", " lo antes posible", " sin acceso", " acceso limitado", " acceso al correo", " acceso a ", " disculp", " molestia", " comprensión", " regres", " retorn", " reanudar", " reintegr", " derivado al", " será derivad", " favor de ", " por favor ",
    ),
    mail=(" su correo", " su mensaje", " su solicitud", " su comunicación", " su consulta", " su nota", " su email", " su e-mail", " su trámite"),
    came=(" remitid", " trasladad", " derivad", " asignad", " recibid", " recibimos", " recibo", " registrad", " ingresad", " ingresó", " radicad"),
    machine=(" automátic", " automátiz", " no responda", " no responder", " no conteste", " generado por el sistema", " no es monitoread", " buzón no atendido"),
    more=(" envíe", " enviarme", " enviarnos", " el enlace", " este asunto", " estuve", " estaba", " estuvo", " estuvimos", " reunión", " preparando", " preparación", " he remitido", " he reenviado", " he trasladado", " el ministro ", " el informe", " el formulario", " en copia", " podría", " pueden enviar", " nuestros aportes", " acabo de", " pero ", " sin embargo", " adjunt", " prórroga", " plazo", " cuestionario", " borrador", " proyecto", " nuestra respuesta", " nuestra contribución", " comentarios", " de acuerdo", " confirmo", " confirmamos", " gobierno", " enviaremos", " enviaré"),
    later=(" la próxima semana", " la semana próxima", " la semana que viene", " el próximo mes", " mañana ", " a partir de mañana", " a partir del lunes", " desde el lunes",),
)  # fmt: skip

RUSSIAN = Tongue(
    who=(" я ", " нахожусь", " буду", " меня ", " мы ", " находится", " уш", " офис", " посольств", " министерств", " канцеляри", " вышл", " пребываю"),
    away=(" отпуск", " командировк", " больничн", " отсутств", " вне офиса", " закрыт", " не работает", " выходн", " на обучении", " декрет", " недоступ"),
    alone=(" за границей", " больше не занимаю", " сменил место", " в отпуске", " в командировке", " на больничном", " отсутствую", " буду отсутствовать", " больше не работа", " уволил", " не работает в ", " больше не используется", " не используется", " ящик не просматривается", " не проверяется", " по уходу за ребенком", " по уходу за ребёнком", " вне офиса", " нерабоч"),
    besides=(" рабочих дн", " не терпящ", " позвонить", " исполняет ", " замен", " спасибо за ", " благодар", " срочн", " неотложн", " обращ", " свяж", " отвечу", " ответим", " ответ буд", " будет рассмотрен", " рассмотрени", " срок", " по возвращени", " после возвращени", " вернусь", " доступ ", " доступа ", " на время моего отсутств", " в мое отсутств", " в моё отсутств", " меня замещает", " замещ", " исполняющ", " приносим извинен", " извин", " пишите", " писать", " звонить", " звоните", " перенаправ", " возобновит", " с праздник", " прошу направлять"),
    mail=(" ваше обращение", " ваше письмо", " ваше сообщение", " ваш запрос", " ваша заявка", " вашего обращения", " вашего письма", " вашего сообщения", " ваше электронное"),
    came=(" передан", " направлен", " поступил", " получен", " принят", " зарегистрирован", " доставлен", " получил", " присвоен"),
    machine=(" роботом", " не отвечайте", " автоматическ", " не отвечай", " отвечать на него не", " не нужно отвечать", " не требует ответа", " не требуется отвеч", " просьба не отвечать", " сформировано системой"),
    more=(" пришлите", " ссылк", " согласова", " я был", " был в ", " была в ", " мы были", " готов", " встреч", " передал", " переслал", " отчет", " отчёт", " министр ", " в копии", " вернулся", " вернулась", " но ", " однако", " поэтому", " во вложени", " прилага", " направляем", " вопросник", " проект", " продл", " наш ответ", " замечани", " соглас", " подтвержда", " правительств", " готовим"),
    later=(" на следующей неделе", " со следующей недели", " в следующем месяце", " завтра", " с понедельника", " уезжаю", " ухожу в отпуск",),
)  # fmt: skip

ARABIC = Tongue(
    who=("أنا ", "سأكون", "إنني", "نحن ", "حاليا", "مكاتب", "مكتب", "السفارة", "الوزارة", "البعثة", "سوف أكون", "أكون", "ستكون", "أفيدكم"),
    away=("أوقات الدوام", "إجازة", "خارج المكتب", "خارج البلاد", "مهمة", "سفر", "مغلق", "عطلة", "غير متواجد", "غير موجود", "متغيب", "اجازة", "خارج العمل"),
    alone=("خارج أوقات الدوام", "خارج أوقات العمل", "خارج البلاد", "إجازة مرضية", "انتقلت إلى", "خارج المكتب", "في إجازة", "في اجازة", "في مهمة رسمية", "إجازة سنوية", "إجازة أمومة", "لم أعد أعمل", "لم يعد يعمل", "لم يعد مستخدم", "غير مراقب", "سأعود إلى المكتب"),
    besides=("أوقات العمل", "ساعات العمل", "سأقوم بالرد", "نستأنف", "ينوب", "بدلاً مني", "شكر", "للحالات العاجلة", "للأمور العاجلة", "العاجل", "الطارئة", "التواصل", "الاتصال", "مراسلة", "سأعود", "سنعاود", "سأرد", "سيتم الرد", "وسيتم", "في أقرب وقت", "عند عودتي", "فور عودتي", "بعد عودتي", "خلال غيابي", "أثناء غيابي", "نأسف", "نعتذر", "كل عام وأنتم", "عيد مبارك", "الوصول إلى البريد", "تفهمكم", "يرجى "),
    mail=("رسالت", "طلبكم", "بريدكم", "خطابكم", "معاملتكم", "مراسلتكم"),
    came=("تحويل", "إحالة", "إحالتها", "استلام", "استلمنا", "تلقينا", "تسجيل", "وصلت", "وردت", "تسلمنا"),
    machine=("آلي", "تلقائي", "عدم الرد", "لا ترد", "لا تقم بالرد", "الرجاء عدم"),
    more=("كنت ", "كانت ", "اجتماع", "أحلت", "نعد الرد", "التقرير", "الاستمارة", "الوزير ", "لكن", "مرفق", "نرفق", "طيه", "تمديد", "الاستبيان", "مسودة", "ردنا", "إجابتنا", "ملاحظات", "نوافق", "نؤكد", "الحكومة"),
    later=("الأسبوع القادم", "الأسبوع المقبل", "الشهر القادم", "الشهر المقبل", "غداً", "غدا ",),
)  # fmt: skip

CHINESE = Tongue(
    who=("我", "本人", "本办公室", "使馆", "大使馆", "办公室", "本部"),
    away=("出国", "出國", "访问", "培训", "開會", "休假", "出差", "外出", "度假", "不在", "休息", "放假", "請假", "请假", "閉館", "闭馆", "病假", "产假", "產假", "離職", "离职", "退休", "开会期间"),
    alone=("本人出国", "出国访问", "非工作时间", "下班时间", "调离", "調離", "不再负责", "不再負責", "不在办公室", "不在辦公室", "休假期間", "休假期间", "出差期间", "出差期間", "已离职", "已離職", "不再使用", "已停用", "节假日", "放假通知", "正在休假", "正在出差"),
    besides=("已收到", "回国后", "回国後", "返程", "紧急事项", "致电", "值班", "工作日", "代为", "由同事", "感谢您", "感謝您", "谢谢", "謝謝", "急事", "紧急", "緊急", "联系", "聯絡", "聯繫", "联络", "代理", "尽快回复", "儘快回覆", "盡快回覆", "及时回复", "回来后", "返回", "无法及时", "不便", "見諒", "见谅", "谅解", "諒解", "查看邮件", "收发邮件", "电话", "電話", "答复您", "回复您", "回覆您", "祝"),
    mail=("您的邮件", "您的来信", "您的来函", "您的信", "您的電子郵件", "您的來信", "您的来件", "您的申请", "您的咨询", "來函", "您的请求", "您的郵件"),
    came=("转交", "轉交", "转至", "收到", "收悉", "受理", "登记", "登記", "已收", "接收"),
    machine=("自动", "自動", "请勿回复", "請勿回覆", "请勿直接回复", "請勿直接回覆", "系统发", "系統發", "勿回"),
    more=("回来了", "之前在", "刚", "剛", "会议", "會議", "报告", "報告", "已转", "已轉", "正在准备", "正在準備", "但", "附件", "随函", "隨函", "延期", "问卷", "問卷", "草案", "我方意见", "我国", "我們的回覆", "答复如下", "同意", "政府", "征求", "提交"),
    later=("下周", "下週", "下星期", "下个月", "下個月", "明天", "明日",),
)  # fmt: skip

GERMAN = Tongue(
    who=(" ich ", " bin ", " wir ", " büro", " botschaft", " dienststelle", " unser haus", " frau ", " herr ", " ist ", " sind ", " ministerium", " behörde"),
    away=(" urlaub", " abwesen", " nicht im ", " außer haus", " ausser haus", " dienstreise", " krank", " geschlossen", " elternzeit", " mutterschutz", " nicht erreichbar", " nicht zu erreichen", " teilzeit", " ruhestand", " nicht mehr für", " nicht mehr in", " nicht mehr bei", " nicht besetzt", " unterwegs", " erst wieder", " verreist", " fortbildung"),
    alone=(" habe ich urlaub", " außerhalb der", " nicht mehr zuständig", " nicht mehr verantwortlich", " wieder erreichbar", " wieder im büro", " wieder im haus", " wieder im dienst", " nicht im büro", " nicht im haus", " im urlaub", " auf dienstreise", " in elternzeit", " im mutterschutz", " nicht mehr für unser", " nicht mehr tätig", " ausgeschieden", " wird nicht mehr abgerufen", " nicht mehr genutzt", " nicht mehr verwendet", " wird nicht gelesen", " bleibt geschlossen", " geschlossen"),
    besides=(" übernommen", " übernimmt", " übernehmen", " aufgaben", " wieder ", " nicht möglich", " werktag", " anliegen", "vielen dank für ihre", "danke für ihre", " dringend", " eilig", " wenden ", " vertret", " weitergeleitet", " nicht weitergeleitet", " nicht gelesen", " nach meiner rückkehr", " melde mich", " antworte ", " beantwort", " zugriff auf", " erreichen sie", " kontaktieren", " richten ", " verständnis", " baldmöglichst", " so bald wie möglich", " so schnell wie möglich", " schnellstmöglich", " in dieser zeit", " während meiner abwesenheit", " feiertag", " ab dem ", " notfäll", " bearbeit"),
    mail=(" ihre e-mail", " ihre mail", " ihre nachricht", " ihre anfrage", " ihr schreiben", " ihr anliegen", " ihre mitteilung", " ihr antrag"),
    came=(" weitergeleitet", " eingegangen", " erhalten", " empfangen", " registriert", " erfasst", " eingang", " angelegt", " vorgang"),
    machine=(" automatisch", " automatisiert", " maschinell", " nicht auf diese", " antworten sie nicht", " nicht antworten", " systemgeneriert"),
    more=(" senden sie mir", " schicken sie", " den link", " diese angelegenheit", " ich war", " war ich", " wir waren", " waren wir", " ich habe", " hat es", " hat ihre", " leite ich", " sitzung", " besprechung", " termin ", " bericht", " bereiten", " vorbereit", " der minister", " zurück aus", " aber ", " jedoch", " deshalb", " daher", " anbei", " im anhang", " anlage", " beigefügt", " frist", " fragebogen", " entwurf", " unsere antwort", " stellungnahme", " einverstanden", " bestätige ich", " regierung", " angeschrieben"),
    later=(" am montag nicht", " nächste woche", " kommende woche", " in der nächsten woche", " nächsten monat", " ab morgen", " ab montag", " ab nächste", " ab kommend", " demnächst",),
)  # fmt: skip

PORTUGUESE = Tongue(
    who=(" estou ", " estarei ", " encontro-me ", " encontrar-me", " me encontro", " estamos ", " estaremos ", " estará ", " está ", " escritório", " embaixada", " ministério", " gabinete", " encontra-se"),
    away=(" férias", " licença", " ausente", " fora ", " em missão", " em serviço", " encerrad", " fechad", " em viagem", " baixa médica", " afastad", " recesso", " feriado", " teletrabalho", " indisponível"),
    alone=(" fora do país", " fora do horário", " deixei de ", " já não exerço", " de férias", " em férias", " fora do escritório", " fora do gabinete", " licença médica", " licença maternidade", " licença-maternidade", " licença de maternidade", " licença parental", " ausente do", " ausente até", " já não trabalh", " não trabalha mais", " não faço mais parte", " não faz mais parte", " cessei funções", " já não está em uso", " não está mais em uso", " não é monitorad"),
    besides=(" assegura", " substitu", " assume ", " não poderei", " não conseguirei", " dias úteis", " entrará em contato", " atendente", " breve", "obrigado pel", "obrigada pel", " agradeço ", " agradecemos ", " urgen", " contact", " contat", " dirij", " encaminh", " na minha ausência", " durante a minha ausência", " durante este período", " durante esse período", " regress", " retorn", " responderei", " responderemos", " será respondid", " acesso limitado", " sem acesso", " acesso ao ", " com a maior brevidade", " assim que possível", " o mais breve", " desculp", " compreensão", " favor ", " acompanhe", " em caso de ", " de volta"),
    mail=(" sua mensagem", " seu e-mail", " seu email", " sua solicitação", " seu pedido", " sua comunicação", " vossa mensagem", " o seu contacto", " sua manifestação", " vosso e-mail", " vosso email"),
    came=(" encaminhad", " recebid", " recebemos", " receção", " recebimento", " registad", " registrad", " protocolad", " deu entrada"),
    machine=(" automátic", " não responda", " não responder", " gerado pelo sistema", " não é monitorad", " por favor não respond"),
    more=(" estive ", " estava ", " estivemos", " reunião", " preparando", " a preparar", " encaminhei", " reencaminhei", " o ministro ", " relatório", " formulário", " mas ", " porém", " contudo", " portanto", " em anexo", " anexa", " anexo", " segue a", " prorrog", " prazo", " questionário", " minuta", " nossa resposta", " comentários", " concord", " confirmo", " governo", " enviaremos"),
    later=(" na próxima semana", " próxima semana", " semana que vem", " no próximo mês", " amanhã", " a partir de segunda",),
)  # fmt: skip

ITALIAN = Tongue(
    who=(" sono ", " sarò ", " non sono ", " non sarò ", " siamo ", " ufficio", " uffici ", " ambasciata", " ministero", " mi trovo ", " sarà ", " è ", " saranno "),
    away=(" assente", " ferie", " fuori ", " missione", " in servizio", " congedo", " chius", " malattia", " in maternità", " permesso", " trasferta", " in pensione", " non disponibile", " aspettativa"),
    alone=(" fuori dal paese", " non ricopro più", " chiuso dal", " chiusi dal", " in ferie", " fuori ufficio", " fuori sede", " assente dall'ufficio", " assente fino", " non sarò in servizio", " in congedo", " congedo di maternità", " in maternità", " non lavora più", " non presta più servizio", " non è più attiv", " non è presidiat", " non è monitorat", " cessato dal servizio", " rientrerò", " resterà chius", " resteranno chius"),
    besides=(" sostitu", " non potrò", " non sarà possibile", " grazie", " giorni lavorativi", " a partire dal", "grazie per", "la ringrazio", "vi ringrazio", " ringraz", " urgen", " contattare", " rivolger", " rivolgetevi", " scrivere a", " in mia assenza", " durante la mia assenza", " al mio rientro", " al rientro", " rispond", " risponder", " accesso limitato", " accesso alla", " prima possibile", " quanto prima", " scus", " comprensione", " inviati a", " inviare a", " potete ", " rientr", " riaprir", " si prega di"),
    mail=(" il suo messaggio", " la sua e-mail", " la sua email", " la sua richiesta", " vostro messaggio", " vostra e-mail", " vostra richiesta", " il messaggio", " sua comunicazione", " l'istanza"),
    came=(" inoltrat", " trasmess", " ricevut", " ricezione", " protocollo", " registrat", " pervenut", " acquisit", " protocollat"),
    machine=(" automatic", " non rispondere", " generato dal sistema", " non è presidiat", " casella non"),
    more=(" ero ", " sono stato", " sono stata", " siamo stat", " riunione", " preparando", " ho inoltrato", " ho trasmesso", " il ministro ", " rapporto", " modulo", " ma ", " tuttavia", " pertanto", " quindi ", " allegat", " in allegato", " proroga", " scadenza", " questionario", " bozza", " nostra risposta", " osservazioni", " d'accordo", " confermo", " governo"),
    later=(" la prossima settimana", " la settimana prossima", " il mese prossimo", " da domani", " domani ", " da lunedì",),
)  # fmt: skip

DUTCH = Tongue(
    who=(" ik ", " ben ", " wij ", " we ", " kantoor", " ambassade", " is ", " zijn ", " ministerie"),
    away=(" afwezig", " vakantie", " verlof", " niet aanwezig", " niet op kantoor", " gesloten", " dienstreis", " ziek", " niet bereikbaar", " met pensioen", " niet werkzaam", " niet meer werkzaam", " buitenlandse reis"),
    alone=(" gesloten van", " in het buitenland", " andere functie", " afwezig tot", " niet op kantoor", " op vakantie", " met vakantie", " met verlof", " zwangerschapsverlof", " ouderschapsverlof", " niet meer werkzaam", " werkt niet meer", " niet meer in gebruik", " wordt niet gelezen", " weer aanwezig", " weer bereikbaar"),
    besides=(" weer ", " te woord", " neemt waar", " neemt over", " werkdagen", " niet in staat", "bedankt voor uw", "dank voor uw", " dank u ", " dringend", " spoed", " urgent", " contact", " wend", " vervang", " waarneem", " doorgestuurd", " mijn mail", " mijn e-mail", " bij terugkomst", " na mijn terugkeer", " na terugkomst", " beantwoord", " reageer", " reactie", " toegang tot", " in mijn afwezigheid", " tijdens mijn afwezigheid", " zo spoedig mogelijk", " zo snel mogelijk", " begrip", " excuses"),
    mail=(" uw bericht", " uw e-mail", " uw mail", " uw verzoek", " uw aanvraag", " uw brief", " uw vraag"),
    came=(" doorgestuurd", " doorgezonden", " ontvangen", " ontvangst", " geregistreerd", " binnengekomen", " in behandeling"),
    machine=(" automatisch", " niet beantwoorden", " niet te beantwoorden", " niet reageren", " niet op deze"),
    more=(" ik was", " was ik", " vergadering", " doorgestuurd naar mijn collega en", " heb ik", " ik heb ", " de minister ", " rapport", " formulier", " maar ", " echter", " daarom", " bijgevoegd", " bijlage", " uitstel", " termijn", " vragenlijst", " concept", " ons antwoord", " akkoord", " bevestig ik", " regering"),
    later=(" volgende week", " volgende maand", " morgen ", " vanaf maandag",),
)  # fmt: skip

TURKISH = Tongue(
    who=("yım", "yim", "yum", "yüm", "ndeyim", "ndayım", "olacağım", "bulunuyorum", "bulunmaktayım", "ofis", "büyükelçili", "müsteşarlı", "bakanlı", "elçili", "mıyorum", "meyeceğim", "değilim"),
    away=("izin", "ofis dışı", "tatil", "görev", "seyahat", "kapalı", "ofiste değil", "yurt dış", "raporlu", "iş gezisi"),
    alone=("izindeyim", "izinli olacağım", "ofis dışında", "ofiste değilim", "ofiste olmayacağım", "yıllık izin", "doğum izni", "artık çalışm", "görevinden ayrıl", "artık kullanılm", "yurt dışı görev", "kapalı olacak", "kapalıdır"),
    besides=("yanıt veremey", "vekil", "iş günü", "rica eder", "dönüyorum", "teşekkür", "acil", "iletişim", "irtibat", "ulaşabil", "döneceğim", "döndüğümde", "dönüş", "yanıtla", "cevapla", "yokluğumda", "en kısa süre", "erişim", "başvur", "vekâlet", "vekalet", "anlayış", "bayram"),
    mail=("iletiniz", "mesajınız", "e-postanız", "başvurunuz", "yazınız", "talebiniz"),
    came=("iletilmi", "yönlendiril", "alındı", "alınmıştır", "ulaştı", "ulaşmıştır", "kaydedil", "kayda alın", "kayıt"),
    machine=("otomatik", "yanıtlamayın", "cevap vermeyin", "cevaplamayın", "sistem tarafından"),
    more=("dım ", "dim ", "toplantı", "rapor ", "hazırl", "iletti", "yönlendird", "bakanımız", "ancak", " ama ", "fakat", "ekte", "süre uzat", "anket", "taslak", "görüşlerimiz", "yanıtımız", "hükümet", "onaylıyor"),
    later=("gelecek hafta", "önümüzdeki hafta", "haftaya", "yarın", "pazartesiden itibaren",),
)  # fmt: skip

JAPANESE = Tongue(
    who=("私", "お", "おり", "いたし", "ます", "です", "大使館", "事務所", "本日"),
    away=("休業日", "定休日", "営業時間外", "不在", "出張", "休暇", "外出", "休業", "退職", "異動", "休館", "お休み", "夏季休", "年末年始", "育休", "産休"),
    alone=("休業日", "定休日", "営業時間外", "不在にして", "不在と", "不在のため", "出張のため", "休暇中", "休暇を", "退職いたし", "退職しま", "異動いたし", "休業いたし", "休館", "使用されておりません"),
    besides=("順次", "翌営業日", "代理", "ご連絡", "連絡", "後任", "お急ぎ", "緊急", "返信", "ご了承", "ご容赦", "ご迷惑", "お手数", "確認のうえ", "確認の上", "担当者より", "ありがとうござい", "対応", "戻り", "折り返し", "お答えできません", "お問い合わせ", "勝手ながら"),
    mail=("お問い合わせ", "メール", "ご連絡", "お申し込み", "ご意見"),
    came=("受け付け", "受付", "受信", "受領", "受け取り"),
    machine=("自動配信", "自動返信", "自動送信", "自動応答", "自動的に", "返信いただいても", "返信しないで", "返信なさらない", "送信専用", "自動で"),
    more=("おりました", "会議", "報告書", "準備", "転送", "大臣", "添付", "が、", "ただし", "回答いたします", "期限", "延長", "質問票", "案文", "意見を提出", "政府", "同意", "確認中"),
    later=("来週", "来月", "明日から",),
)  # fmt: skip

KOREAN = Tongue(
    who=("저는", "본인", "입니다", "습니다", "대사관", "사무실", "없", "중이"),
    away=("휴가", "부재", "출장", "외근", "휴무", "휴직", "퇴직", "퇴사", "교육 중", "공휴일"),
    alone=("해외출장", "업무시간 외", "부재중", "부재 중", "휴가 중", "출장 중", "출장중", "휴가중", "휴가로 ", "출장으로 ", "육아휴직", "퇴사하", "퇴직하", "휴무입니다", "자리를 비"),
    besides=("어렵습니다", "확인이 어", "부탁드립니다", "업무일", "급한", "긴급", "연락", "감사합니다", "회신이 늦", "답변이 늦", "복귀", "돌아", "양해", "대신", "문의", "빠른 시일", "순차적", "답변드리", "안녕하세요", "안녕하십니까"),
    mail=("메일", "문의", "요청", "메시지", "민원", "신청"),
    came=("접수되", "접수하", "접수번호", "수신되", "등록되"),
    machine=("자동", "발신 전용", "발신전용", "회신하지 마"),
    more=("있었", "회의", "보고서", "준비", "전달", "장관", "첨부", "하지만", "그러나", "기한", "연장", "질의서", "초안", "답변서", "정부", "동의", "회신드리"),
    later=("다음 주", "다음주", "다음 달", "내일",),
)  # fmt: skip

POLISH = Tongue(
    who=(" jestem ", " będę ", " przebywam", " nie ma mnie", " biur", " ambasada", " ministerstw", " urząd", " jest "),
    away=(" urlop", " nieobecn", " delegacj", " poza biurem", " zwolnieni", " wyjeździe", " nieczynn", " zamknięt", " służbow", " chorobow"),
    alone=(" na urlopie", " jestem nieobecn", " poza biurem", " w delegacji", " nie ma mnie w ", " już nie pracuje", " nie pracuję już", " zakończył", " na zwolnieniu", " urlop macierzyński", " urlopie macierzyńskim", " nie jest już używan", " nie jest monitorowan", " będzie nieczynn"),
    besides=(" nie mam dostępu", " dni robocz", " przejmuj", " sekretariat", "dziękuję za", "dziękujemy za", " piln", " kontakt", " odpowiem", " odpowiemy", " po powrocie", " wracam", " zastępuj", " zastępstw", " dostęp", " przeprasz", " pod moją nieobecność", " w czasie mojej", " proszę ", " najszybciej", " skontakt"),
    mail=(" wiadomość", " wiadomości", " zgłoszenie", " pismo", " korespondencj", " e-mail", " wniosek"),
    came=(" przekazan", " otrzym", " zarejestrowan", " przyjęt", " wpłyn", " nadano numer", " dotarł"),
    machine=(" automatyczn", " nie odpowiada", " wygenerowan", " nie należy odpowiadać"),
    more=(" byłem ", " byłam ", " spotkani", " raport", " przygotow", " przekazałem", " przekazałam", " minister ", " ale ", " jednak", " dlatego", " więc ", " w załącz", " załącz", " termin", " kwestionariusz", " projekt", " odpowiedź polski", " uwagi", " zgadza", " potwierdzam", " rząd"),
    later=(" w przyszłym tygodniu", " od jutra", " jutro", " od poniedziałku", " w przyszłym miesiącu",),
)  # fmt: skip

CZECH_AND_SLOVAK = Tongue(
    who=(" jsem ", " budu ", " čerpám", " som ", " budem ", " mám ", " úřad", " velvyslanect", " veľvyslanect", " kancelář", " do ", " od "),
    away=(" dovolen", " mimo kancel", " nepřítom", " neprítom", " služební cest", " služobnej cest", " pracovní cest", " nemocen", " neschopn", " zavřen", " uzavřen", " zatvoren", " mateřsk", " matersk"),
    alone=(" na dovolené", " na dovolenke", " čerpám dovolenou", " čerpám dovolenku", " mimo kancelář", " nejsem v kancel", " nie som v kancel", " na služební cestě", " na služobnej ceste", " již nepracuj", " už nepracuj", " na mateřské"),
    besides=(" pochopení", " pochopenie", " čtu ", " pracovních dn", " přebír", "děkuji za", "děkujeme za", "ďakujem za", "ďakujeme za", " naléhav", " urgentn", " obra", " kontakt", " zastup", " po návratu", " po návrate", " odpovím", " odpoviem", " odpovíme", " přístup", " prístup", " omlouv", " ospravedl", " co nejdříve", " čo najskôr", " v době mé", " v čase mojej"),
    mail=(" podání", " podanie", " zpráv", " správ", " žádost", " e-mail", " dotaz"),
    came=(" předán", " postoupen", " postúpen", " přijat", " prijat", " přijet", " doručen", " obdržel", " evidován", " zaregistr", " přidělen", " pridelen"),
    machine=(" automatick", " neodpovídejte", " neodpovedajte", " vygenerován", " vygenerovan"),
    more=(" byl jsem", " byla jsem", " jsem byl", " bol som", " bola som", " som bol", " schůzk", " stretnut", " zpráva o ", " připravuj", " pripravuj", " předal", " ministr ", " ale ", " avšak", " proto ", " v příloze", " v prílohe", " přikládám", " prikladám", " lhůt", " lehot", " dotazník", " návrh", " naše odpověď", " připomínk", " souhlas", " vláda"),
    later=(" příští týden", " budúci týždeň", " od zítřka", " od zajtra", " od pondělí", " od pondelka",),
)  # fmt: skip

NORDIC = Tongue(
    who=(" jag ", " jeg ", " vi ", " kontoret", " ambassaden", " är ", " er ", " departementet", " ministeriet", " tilbage", " tilbake", " åter"),
    away=(" semester", " ferie", " ledig", " bortrest", " bortrejst", " frånvarande", " fraværende", " inte på kontor", " ikke på kontor", " tjänsteresa", " tjenesterejse", " tjenestereise", " sjuk", " syk", " stängt", " stengt", " lukket", " barsel", " permisjon", " orlov", " inte längre", " ikke lenger", " ikke længere", " på reise", " på resa"),
    alone=(" på semester", " på ferie", " har ferie", " har semester", " inte på kontoret", " ikke på kontoret", " föräldraledig", " tjänstledig", " barselsorlov", " foreldrepermisjon", " ikke lenger ansatt", " ikke længere ansat", " inte längre anställd", " slutat min", " slutat på", " bevakas inte", " på tjänsteresa", " på tjenesterejse", " på tjenestereise"),
    besides=(" rettes til", " henvend", " hänvisas", " vänd dig", " vikarie", " stedfortreder", " overtar", " ersätter", " arbetsdagar", " arbeidsdager", " lese ", " läser ", " igen ", " virkedager", "tack för d", "tack för ert", "takk for", "tak for", " brådskande", " haster", " hastesaker", " hastende", " akut", " kontakt", " åter ", " tillbaka", " tilbake", " tilbage", " svara", " svarer", " svare ", " återkommer", " vender ", " mejl", " e-post", " i min frånvaro", " under min ", " i mitt fravær", " i mit fravær", " så snart", " vänligen", " vennligst", " venligst"),
    mail=(" ditt meddelande", " ditt mejl", " ert meddelande", " ditt ärende", " din henvendelse", " din besked", " din melding", " din e-post", " din e-mail", " deres henvendelse", " ert ärende", " dit brev", " ditt brev"),
    came=(" vidarebefordra", " videresend", " oversendt", " registrerat", " registreret", " registrert", " mottagit", " mottaget", " mottatt", " modtaget", " diarienummer", " saksnummer", " journalnummer", " kommit in"),
    machine=(" automatisk", " autosvar", " inte går att besvara", " kan inte besvaras", " kan ikke besvares", " svara inte", " ikke svar"),
    more=(" jag var", " var jag", " jeg var", " var jeg", " mötet", " møte", " rapport", " förbereder", " forbereder", " har vidarebefordrat", " har videresendt", " ministern ", " ministeren ", " men ", " dock", " bifog", " vedlagt", " vedhæft", " frist", " utkast", " enkät", " spørgeskema", " spørreskjema", " vårt svar", " vores svar", " regering", " bekräftar jag"),
    later=(" nästa vecka", " neste uke", " næste uge", " från måndag", " fra mandag", " imorgon", " i morgon", " i morgen",),
)  # fmt: skip

FINNISH = Tongue(
    who=(" olen ", " olemme ", " toimisto", " suurlähetystö", " ministeriö", " en ole ", " on "),
    away=(" loma", " poissa", " matkalla", " virkamatkalla", " suljettu", " vapaalla", " paikalla", " toimistossa", " sairaus", " tavoitettavissa"),
    alone=(" olen lomalla", " olen poissa", " virkamatkalla", " vuosilomalla", " en ole toimistossa", " vanhempainvapaalla", " äitiyslomalla", " ei enää työskentele", " en enää työskentele", " ei enää käytössä", " on suljettu", " tavoitettavissa taas", " palaan töihin"),
    besides=(" luen ", " soittaa", " sijaisen", " arkipäiv", " satunnaisesti", "kiitos viesti", "kiitos yhteyden", " kiireelli", " yhteyttä", " ota yhteys", " palaan", " vastaan ", " vastaamme", " poissaoloni aikana", " sijai", " lomani jälkeen", " pahoittel", " mahdollisimman pian"),
    mail=(" viesti", " sähköposti", " asia", " hakemu", " yhteydenotto"),
    came=(" välitetty", " ohjattu", " vastaanotettu", " saapunut", " kirjattu", " rekisteröity", " olemme saaneet", " diaarinumero"),
    machine=(" automaatti", " ei voi vastata", " älä vastaa", " älkää vastatko"),
    more=(" olin ", " kokou", " raportti", " valmistel", " välitin", " ministeri ", " mutta ", " kuitenkin", " liitteenä", " ohessa", " määräaika", " lisäaika", " kysely", " luonno", " vastauksemme", " hallitu", " vahvistan"),
    later=(" ensi viikolla", " huomenna", " ensi kuussa", " maanantaista",),
)  # fmt: skip

GREEK = Tongue(
    who=(" απουσιάζ", " θα ", " είμαι", " βρίσκομαι", " γραφείο", " πρεσβεία", " υπουργείο", " το "),
    away=(" απουσιάζω", " απουσία", " άδεια", " εκτός γραφείου", " κλειστ", " αργία", " ταξίδι", " αποστολή", " λείπω", " λείψω", " εκτός υπηρεσίας"),
    alone=(" θα απουσιάζω", " απουσιάζω", " βρίσκομαι σε άδεια", " με άδεια", " σε άδεια", " εκτός γραφείου", " θα παραμείνει κλειστ", " δεν εργάζ", " δεν χρησιμοποιείται πλέον"),
    besides=(" εργάσιμ", " αναπληρ", "ευχαριστ", " επείγ", " επικοινων", " απευθυν", " απαντήσω", " απαντήσουμε", " επιστρ", " πρόσβαση", " κατά την απουσία", " αντικαθιστ", " το συντομότερο", " συγγνώμη", " παρακαλ"),
    mail=(" μήνυμά σας", " μήνυμα σας", " αίτημά σας", " αίτημα σας", " αίτησή σας", " email σας", " e-mail σας", " έγγραφό σας"),
    came=(" διαβιβ", " προωθήθ", " λάβαμε", " ελήφθη", " παραλήφθηκε", " παρελήφθη", " καταχωρ", " πρωτοκολλ", " αριθμό πρωτοκόλλου"),
    machine=(" αυτόματ", " μην απαντ", " αυτοματοποι"),
    more=(" ήμουν", " συνάντηση", " έκθεση", " ετοιμάζ", " διαβίβασα", " προώθησα", " υπουργός ", " αλλά ", " ωστόσο", " συνημμέν", " επισυνάπτ", " διαβιβάζ", " προθεσμία", " παράταση", " ερωτηματολόγιο", " σχέδιο", " απάντησή μας", " κυβέρνηση", " συμφων"),
    later=(" την επόμενη εβδομάδα", " επόμενη εβδομάδα", " αύριο", " από δευτέρα",),
)  # fmt: skip

HEBREW = Tongue(
    who=("אני ", "אהיה", "אנחנו", "נהיה", "המשרד", "השגרירות", "נמצא", "משרדנו"),
    away=("בחופש", "חופשה", "מחוץ למשרד", "בנסיעה", "סגור", "בחו\"ל", "לא אהיה", "מילואים", "מחלה", "חופשת לידה"),
    alone=("בחופשה", "בחופשת לידה", "מחוץ למשרד", "לא אהיה זמינ", "אינני במשרד", "איני במשרד", "אינו עובד עוד", "אינה עובדת עוד", "כבר לא עובד", "אינה בשימוש", "במילואים"),
    besides=("מחליפ", "ימי עסקים", "תודה", "דחופ", "דחוף", "לפנות", "ליצור קשר", "אחזור", "נחזור", "אשיב", "בהיעדרי", "בהעדרי", "גישה", "מוקדם ככל", "בהקדם", "נא ", "ניתן "),
    mail=("פנייתך", "פנייתכם", "פניית", "הודעתך", "הודעתכם", "מייל", "בקשתך"),
    came=("הועבר", "התקבל", "נקלט", "נרשמ", "קיבלנו"),
    machine=("אוטומטי", "אין להשיב", "לא להשיב", "אין צורך להשיב"),
    more=("הייתי", "פגישה", "ישיבה", "העברתי", "השר ", "אבל", "אך ", "מצורף", "מצורפת", "מצ\"ב", "הארכה", "שאלון", "טיוטה", "תשובתנו", "תשובה לשאלות", "ממשלת", "מכינים"),
    later=("בשבוע הבא", "מחר", "בחודש הבא",),
)  # fmt: skip

UKRAINIAN = Tongue(
    who=(" я ", " перебуваю", " буду", " мене ", " ми ", " посольство", " міністерств", " офіс", " у ", " в ", " на "),
    away=(" відпустц", " відрядженн", " лікарнян", " відсутн", " зачинен", " не працю", " поза офісом", " декрет"),
    alone=(" у відпустці", " у відрядженні", " в відпустці", " на лікарняному", " буду відсутн", " відсутній на роб", " відсутня на роб", " більше не працюю", " більше не працює", " звільнив", " поза офісом", " не використовується"),
    besides=(" робочих дн", " нагальн", " заступ", " дяку", " термінов", " невідкладн", " зверта", " зверніться", " зв'яжіть", " зв'яза", " відповім", " відповідь буде", " строк", " після повернення", " повернуся", " заміщ", " доступ", " вибач", " під час моєї відсутності"),
    mail=(" ваше звернення", " ваш лист", " ваше повідомлення", " ваш запит", " вашого звернення", " ваша заявка", " вашого листа"),
    came=(" передан", " направлен", " зареєстрован", " отриман", " надійшл", " надійшов", " прийнят", " отримали", " присвоєн"),
    machine=(" автоматичн", " не відповідай", " відповідати на нього", " не потрібно відповідати"),
    more=(" я був", " я була", " був у ", " була у ", " зустріч", " звіт", " переслав", " передав", " міністр ", " але ", " проте", " тому ", " додаєт", " у додатку", " надсилаємо", " направляємо", " анкет", " проект", " проєкт", " продовж", " наша відповідь", " зауважен", " уряд", " готуємо", " уточніть"),
    later=(" наступного тижня", " завтра", " з понеділка", " їду у ",),
)  # fmt: skip

HUNGARIAN = Tongue(
    who=(" vagyok", " leszek", " irod", " nagykövetség", " minisztérium", " én "),
    away=(" szabadság", " házon kívül", " távol", " kiküldetés", " zárva", " betegállomány", " nem vagyok", " nem leszek"),
    alone=(" szabadságon", " házon kívül", " nem vagyok az irod", " nem tartózkodom", " kiküldetésben", " gyes", " gyed", " már nem dolgoz"),
    besides=(" munkanap", " titkárság", "köszön", " sürgős", " keresse", " forduljon", " kapcsolat", " válaszol", " visszatér", " helyettes", " távollétem", " elérhető", " elnézés", " mielőbb"),
    mail=(" üzenet", " levelé", " levele", " megkeresés", " kérelm"),
    came=(" továbbít", " megkaptuk", " megérkezett", " iktat", " nyilvántart", " beérkezett"),
    machine=(" automatikus", " ne válaszoljon", " kérjük, ne válasz"),
    more=(" voltam", " megbeszélés", " jelentés", " továbbítottam", " miniszter úr", " de ", " azonban", " mellékel", " csatol", " határidő", " kérdőív", " tervezet", " válaszunk", " kormány"),
    later=(" jövő héten", " jövő héttől", " holnap", " hétfőtől",),
)  # fmt: skip

ROMANIAN = Tongue(
    who=(" sunt ", " voi fi ", " mă aflu", " biroul", " birourile", " ambasada", " ministerul", " este "),
    away=(" concediu", " nu sunt la birou", " plecat", " delegație", " deplasare", " închis", " absent", " în vacanță", " misiune", " lips"),
    alone=(" în concediu", " în delegație", " nu sunt la birou", " nu voi fi la birou", " nu mai lucr", " nu mai este utiliz", " plecat din birou", " plecată din birou", " concediu de maternitate"),
    besides=(" zile lucrătoare", " înlocui", " urgențe", "mulțumesc pentru", "vă mulțum", "mulţum", " urgen", " contacta", " adresa", " voi răspunde", " vom răspunde", " la întoarcere", " revin", " acces", " în absența mea", " cât mai curând", " în cel mai scurt", " scuze", " vă rog", " vă rugăm"),
    mail=(" mesajul dumneavoastră", " mesajul dvs", " solicitarea", " petiția", " e-mailul", " adresa dvs"),
    came=(" transmis ", " redirecțion", " primit", " înregistrat", " recepționat"),
    machine=(" automat", " nu răspundeți", " nu răspunde"),
    more=(" am fost", " ședința", " întâlnire", " raport", " pregăt", " am transmis", " ministrul ", " dar ", " însă", " atașat", " anexat", " anexă", " termen", " chestionar", " proiect", " răspunsul nostru", " guvern"),
    later=(" săptămâna viitoare", " mâine", " de luni ",),
)  # fmt: skip

PERSIAN_AND_URDU = Tongue(
    who=("هستم", "خواهم بود", "می‌باشم", "سفارت", "دفتر", "میباشم", "ہوں", "می باشم", "است"),
    away=("مرخصی", "ماموریت", "مأموریت", "تعطیل", "خارج از دفتر", "سفر", "رخصت", "چھٹی"),
    alone=("در مرخصی", "خارج از دفتر", "در ماموریت", "در مأموریت", "چھٹی پر", "رخصت پر"),
    besides=("سپاس", "تشکر", "ممنون", "فوری", "تماس", "پاسخ", "بازگشت", "ضروری", "رابطہ", "لطفا", "لطفاً", "شکریہ"),
    mail=("پیام شما", "نامه شما", "ایمیل شما", "درخواست شما"),
    came=("دریافت شد", "ثبت شد", "دریافت گردید"),
    machine=("خودکار", "پاسخ ندهید"),
    more=("اما", "پیوست", "ضمیمه", "مهلت", "پرسشنامه", "پیش‌نویس", "پاسخ ما", "دولت"),
    later=("هفته آینده", "هفته بعد", "فردا",),
)  # fmt: skip

SOUTH_EAST_ASIAN = Tongue(
    who=(" saya ", " kami ", " tôi ", " chúng tôi", " kantor", " kedutaan", " văn phòng", " đại sứ quán", "ดิฉัน", "ผม", "สำนักงาน", "สถานทูต"),
    away=(" cuti", " di luar kantor", " tidak berada", " dinas luar", " perjalanan dinas", " bercuti", " nghỉ", " công tác", " vắng mặt", " tutup", " đóng cửa", "ลา", "ไม่อยู่", "ปิดทำการ"),
    alone=(" sedang cuti", " di luar kantor", " di luar pejabat", " dinas luar", " nghỉ phép", " đi công tác", "ไม่อยู่ที่สำนักงาน", "ลาพักร้อน"),
    besides=(" silakan", " hari kerja", " terima kasih", " mendesak", " segera", " hubungi", " menghubungi", " kembali", " membalas", " cảm ơn", " khẩn", " liên hệ", " trả lời", " phản hồi", "ขอบคุณ", "ด่วน", "ติดต่อ"),
    mail=(" email anda", " pesan anda", " surat anda", " thư của", " email của", "อีเมลของท่าน"),
    came=(" diteruskan", " diterima", " terdaftar", " đã nhận được", " đã tiếp nhận", "ได้รับ"),
    machine=(" otomatis", " automatik", " tự động", "อัตโนมัติ", " jangan membalas", " jangan balas", " không trả lời"),
    more=(" tetapi", " namun", " terlampir", " lampiran", " nhưng ", " đính kèm", " gửi kèm", " thời hạn", " báo cáo", "แนบ"),
    later=(" minggu depan", " besok", " tuần tới", " tuần sau", " ngày mai", "สัปดาห์หน้า",),
)  # fmt: skip

TONGUES = (
    ENGLISH, FRENCH, SPANISH, RUSSIAN, ARABIC, CHINESE,
    GERMAN, PORTUGUESE, ITALIAN, DUTCH, TURKISH, JAPANESE, KOREAN,
    POLISH, CZECH_AND_SLOVAK, NORDIC, FINNISH, GREEK, HEBREW, UKRAINIAN, HUNGARIAN, ROMANIAN, PERSIAN_AND_URDU, SOUTH_EAST_ASIAN,
)  # fmt: skip
