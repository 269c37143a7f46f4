"""The words of vendors' stock lines: what opens and closes them, units, and what is no goods."""

from typing import Final

ADD, REMOVE, SET, PRICE, OUT, BACK, NEW, PROMO, NO_PROMO = (
    "add_stock",
    "remove_stock",
    "set_stock",
    "set_price",
    "out_of_stock",
    "back_in_stock",
    "add_product",
    "promo",
    "end_promo",
)
UNITS: Final = frozenset(
    "sac sacs bag bags bol bols bole boles bidon bidons carton cartons ctn box boxes casier casiers paquet paquets"
    " paket"
    " packet packets pack packs boite boites bouteille bouteilles bottle bottles sachet sachets panier paniers palette"
    " palettes plateau plateaux paire paires pair pairs piece pieces pcs pce pces pc kilo kilos kg kgs litre litres"
    " metre metres yard yards tas pot pots bassine bassines tube tubes tonne tonnes rouleau rouleaux lot lots botte"
    " bottes regime regimes verre verres cuvette cuvettes tete tetes seau seaux boule boules tubercule tubercules"
    " fardeau fardeaux bidonnet bidonnets jarre jarres caisse caisses plaquette plaquettes tablette tablettes barre"
    " barres feuille feuilles unite unites u exemplaire exemplaires set sets coupon coupons gourde gourdes canette"
    " canettes can cans cup cups tin tins crate crates tray trays bundle bundles roll rolls heap heaps bucket buckets"
    " portion portions plat plats part parts dose doses flacon flacons ballot ballots colis modeles grappe grappes"
    " sachets corbeille corbeilles calebasse calebasses mesure mesures bouquet bouquets cageot cageots assiette"
    " assiettes gallon gallons carnet carnets pqt pqts paq paqs ctns bte btes btl btls".split()
)
NO_GOODS: Final = frozenset(
    "commande commandes colis client clients cliente clientes livraison livraisons livreur livreurs livrer livre livree"
    " frais zone zones pret prete remis remise accepte accepter refuse refuser oui non ok bonjour bonsoir salut merci"
    " boutique magasin vente ventes solde argent paiement payez payer heure heures ouvert ouverte ferme fermee ouvre"
    " pause promo promotion promos reduction jour jours semaine mois demain lundi mardi mercredi jeudi vendredi samedi"
    " dimanche weekend qui que quoi combien comment quand pourquoi je j tu il elle ils elles nous vous on me moi nos"
    " suis es est sont etes ai as avez avons ont veux veut peux peut faut annule annuler annulez erreur photo photos"
    " image images lien liens numero compte versement virement tmoney flooz mixx order orders delivered ready shop"
    " please the my you is are was customer money when how what price prix tarif sales sold days day week link prevu"
    " supprime supprimer efface effacer cache cacher masque enleve enlever retire retirer montre moi mets mettez met"
    " change changer ajoute ajouter fini finie finis rupture stock stocks bilan visites alerte alertes seuil adresse"
    " confirme valide pas ne n plus rien jamais tout sauf jusqu jusque encore si mais ou et car parce donc aussi euh"
    " nouveau produit produits article articles liste code recu recus reste restent deja avant apres chaque"
    " moins vendu vendus vendue vendues vend minutes ans reference ref taux quelqu quelque hier soir matin midi avec"
    " partir"
    " cree creez creer commence vendre ecris ecrivez rabais offre speciale dernier derniere augmente baisse reelle"
    " disent dit remet remets remettez conte compte trouve pour par leur notre votre quantite sa ta ton va vont"
    " fixer fixez descend descends descendez publier publie publiez cost costs reduce increase raise lower add put"
    " to want"
    " new item go emballage courant funerailles cordonnier vacances actuelle actuel more stolen they left remaining for"
    " diminue diminuez remise soldes friday rabais liquidation braderie flash discount vole volee voles volees devant"
    " veuillez with from at this that have has had i we it its don not no still some here there"
    " decide decider grimpe soit inserez insere inserer referencez reference referencer unique cout lady sale each"
    " selling sell create bump up affiche affichez destockage emballes achete achetes offert nothing all"
    " leave every except through people anybody opened discount reduits voisine fiche ouvrez pourrais redevient"
    " dans chez vers avait avoir fait faire sur sous entre depuis pendant cause ventes part partie parti".split()
) - {"montre", "part"}
"""Words that no goods are called by; a line that has one among its goods is no stock line."""

KINDS_OF_BAG: Final = frozenset("sport voyage couchage cours classe conserve fleurs main dos ecole".split())
"""`sac de sport` is goods of its own, `sac de riz` is riz."""

OPENING: Final = (
    "bonjour bonsoir salut alors donc ok euh et aussi puis bon maintenant coucou merci pardon svp stp maman hello hi"
    " voila chef wsh yo bro frere patron patronne tantie tata tonton veuillez mes gars boss please voici hey".split()
)
CLOSING: Final = (
    "ce matin|ce soir|aujourd hui|maintenant|hier|hier soir|en stock|en boutique|au magasin|a la boutique|au depot|svp"
    "|stp|merci|seulement|en tout|au total|deja|la|exactement|net|pour l instant|a la maison|today|now|in stock|d abord"
    "|hein|chef|patron|cette nuit|tout de suite|a l instant|en ce moment|pour aujourd hui|please|yesterday|this morning"
    "|par jour|offline|a l ecole|a l atelier|a la ferme|au depot"
    "|dans le stock|dans mon stock|au stock|du stock|de mon stock|au marche|sur place|tout a l heure"
).split("|")

OPENS: Final[tuple[tuple[str, str], ...]] = (  # what opens a line, and what it then does
    (
        ADD,
        r"\+|(?:retour|rendu|ramene)(?: de)?(?= [NU])"
        r"|(?:j ai |je |on a |nous avons |je viens de |on vient de |vient de |g |encore )*(?:re)?(?:recu|recevoir"
        r"|ajoute|ajouter|rajoute|rajouter|rentre|ravitailler?|fait entrer|approvisionne)|ajoutez|rajoutez|ajout|add"
        r"|ajout de|arrivage|arrivage de|nouvel arrivage|nouvel arrivage de|arrivee|arrivee de|entree|entree de"
        r"|received|(?:i|we|i just|we just|just) (?:received|added|got|restocked)|added|restocked|restock|reappro"
        r"|reapprovisionnement|approvisionnement|plus(?= N)|stock plus|on m a livre|on m a apporte|on m a envoye"
        r"|j ai eu|livraison recue|i add|nouvelle arrivee|rajout(?: de| du| des)?|reassort(?: de| du| des)?"
        r"|restock(?: de)?|(?:nouvel )?appro(?:visionnement)?(?: de| du| des)?|je viens d acheter"
        r"|ajoute moi|ajoutez moi|mets en plus"
        r"|il est arrive|arrivee?s?(?= $| [NU:]| (?:d[eu]s? )?[a-z]+ N)"
        r"|sont arrives|ravitaillement|new stock|stock arrive",
    ),
    (
        REMOVE,
        r"-|moins|minus|(?:j ai |je |on a |nous avons |je viens de |on vient de |g |ma fille a |mon fils a "
        r"|hier j ai )?"
        r"(?:deja )?(?:vendu|vendre|perdu|casse(?= [NU])|ecoule|sorti|servi|jete|gate(?= [NU]))|sold|(?:i"
        r"|we|i just|we just) sold"
        r"|retire|retirez|retirer|enleve|enlevez|enlever|ote|otez|soustrais|soustrayez|deduis|deduisez|deduire|remove"
        r"|diminue|diminuez|sortie|sortie de|ventes?(?: du jour| de la journee| de ce matin| d aujourd hui)?(?: de)?"
        r"|perte|perte de|vendus|vendue|on a vole|on m a vole"
        r"|on a gate|casse de|take out|deduct|lost",
    ),
    (
        SET,
        r"nbre(?: de| du| des)?|nombre(?: de| du| des| reel)?|qte|qty|stock"
        r"|stock for|quantity of|stock de|stock du|stock des|(?:il |y |il y )?(?:me |m en "
        r"|nous )?reste(?: que| encore| plus que|nt)?"
        r"|il ne (?:me |nous )?reste (?:plus )?que|il y a(?: encore)?|j ai(?: encore| que| juste)?"
        r"|je n ai (?:plus )?que"
        r"|on a(?: encore)?|nous avons(?: encore)?|mets|mettez|met|mettre|fixe|fixez|we have|i have"
        r"|i still have|there are"
        r"|only|left|disponible|quantite|quantite de|compte|inventaire|set|now|en stock|je suis a|ecris|ecrivez|note"
        r"|notez|maintenant j ai|actuellement|stock actuel|mon stock de|stock total|il n y a (?:plus )?que|restant"
        r"|on est a|corrige|corrigez|mets le stock de|mets le stock du|mets le stock des|je compte"
        r"|j ai compte|set stock"
        r"|stock of|le stock de|le stock du|le stock des|update|mets a jour",
    ),
    (
        PRICE,
        r"(?:(?:change|changer|changez|modifie|modifiez|modifier|mets|mettez|mettre|met|passe|passez|corrige|corrigez"
        r"|fixe|fixez|augmente|augmentez|baisse|baissez|diminue|diminuez|update|set|change|raise|lower"
        r"|reduce|nouveau|new"
        r"|le|les|mon|the|voici|maintenant|ok|desormais) )*(?:prix|price|tarif|prices|prices for"
        r"|tarifs)(?: unitaire)?"
        r"(?: (?:of|for|du jour|de vente|actuel|normal))?(?: :)?|augmente|augmentez|baisse|baissez|raise|lower",
    ),
    (
        NEW,
        r"(?:nouveau|nouvel|nouvelle|new)(?: produit| article| item| product| modele)?(?: :)?|"
        r"(?:ajoute|ajouter|ajoutez|cree|creer|creez|enregistre|enregistrez|add|mets|mettez|rentre|rentrez)(?: moi)?"
        r"(?: (?:un|U|le|ce|a|new|a new|mon))*(?: nouveau| nouvel)? (?:produit|article|item"
        r"|product)(?: nouveau)?(?: :)?|"
        r"(?:i want to |i )?(?:add|put up|list)(?: a| my| the)?(?: new)?(?: item| product)?(?= [a-z ]+[NP])"
        r"|ajout|publie[rz]?|je veux ajouter|i now sell|j ai aussi(?: des| du| de la)?(?= [a-z ]+ a [NP])"
        r"|nvelle|nvo|nouvo|a ajouter(?: au catalogue| a ma liste)?(?: :)?",
    ),
    (
        OUT,
        r"(?:en )?rupture(?: de stock)?(?: de| du| des| sur| sur le| sur les| totale de)?(?: :)?|(?:il |y "
        r"|il y |il n y )?a plus"
        r"(?: de| du| d| des)?|(?:je )?(?:n )?ai plus(?: de| du| d| des)?|j ai plus(?: de| du| d)?|on (?:n )?a plus"
        r"(?: de| du| d)?|no more|out of(?: stock(?: of| on| :)?)?|sold out(?: of| on| :)?|plus aucun"
        r"|plus aucune|plus disponible(?: :)?"
        r"|c est fini(?: le| la| les| pour le| pour la| pour les)|plus(?: de| du| d)|fini(?: le| la| les)"
        r"|epuise(?: :)?"
        r"|we are out of|we have no more|i have no more|manque de|zero",
    ),
    (
        BACK,
        r"(?:il y a|j ai|on a|ya) (?:encore|de nouveau|a nouveau)(?: du| de la| des| de| d)?"
        r"|de nouveau(?: du| des| de)?"
        r"|(?:remets|remet|remettez|remettre) en vente|retour(?: de| du| des)|back in stock(?: :)?|reactive",
    ),
)
CLOSES: Final[tuple[tuple[str, str], ...]] = (
    (
        ADD,
        r"recus?|recues?|en plus|de plus|(?:est |sont |viennent d |vient d )?(?:arrivee?s?|arriver)"
        r"|received|arrived|ajoutee?s?|added|more|entrees?|rentrees?",
    ),
    (
        REMOVE,
        r"(?:est |sont |ont ete |a ete |ont |a |deja )?(?:vendue?s?|sortie?s?|parties?|partis?|gatee?s?|cassee?s?"
        r"|perdue?s?|ecoulee?s?|pourrie?s?|abimee?s?|volee?s?|defectueux|defectueuses?|morte?s?|moisie?s?|perimee?s?"
        r"|expiree?s?)|en moins|de moins|sold|gone|spoiled|stolen|broken?",
    ),
    (
        SET,
        r"(?:qui |me |encore |il |seulement )*(?:reste(?:nt)?|restante?s?)|disponibles?|left|remaining"
        r"|available|en stock|in stock|encore en stock|reste seulement",
    ),
    (
        OUT,
        r"(?:est |sont |c est |deja |tout )*(?:finie?s?|epuisee?s?|terminee?s?|indisponibles?|ecoulee?s?)"
        r"|(?:est |sont )?en rupture(?: de stock)?|rupture(?: de stock| totale)?|sold out|(?:is "
        r"|are )?(?:finished|out of stock|over)"
        r"|il (?:n )?y (?:en )?a plus|y (?:en )?a plus|a plus|n est plus disponible|plus disponibles?"
        r"|n y en a plus|c est mort|pas disponible"
        r"|il y en a plus|je n en ai plus|j en ai plus|on n en a plus|on en a plus|zero|tout vendu"
        r"|est vendu|non disponibles?",
    ),
    (
        BACK,
        r"(?:est |sont |c est )?(?:de retour|revenue?s?)|(?:est |sont |c est )?(?:a nouveau |de nouveau "
        r"|encore )*disponibles?"
        r"(?: a nouveau| de nouveau)?|(?:est |sont )(?:a nouveau |de nouveau )?(?:la|arrivee?s?)|(?:is "
        r"|are )?(?:back|available again|back in stock)|en vente"
        r"|redevient disponible|redeviennent disponibles|remis en vente",
    ),
    (NO_PROMO, r"promo (?:finie?|terminee?)|promo c est fini|fin promo"),
)
