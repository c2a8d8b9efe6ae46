import { headers } from '../aliases.ts'

/**
 * Headers that retailers' own exports use, English first, then Spanish (Spain and Latin America).
 *
 * A header is listed only where it means one thing: "Nombre", but not "Tipo"; "Precio oferta", but not "Precio 2".
 */
export const identifiers = {
  sku: headers(`
    SKU | SKU Code | SKU ID | Seller SKU | Merchant SKU | Variant SKU | Item SKU | Product SKU | Code | Item
    Code | Product Code | Article Code | Item Number | Item No | Article Number | Article No | Product
    Number | Stock Code | Reference | Ref | Internal Reference | Product Reference | Part Number | Style Number
    | PLU | Código | Cód | Cod. | Código artículo | Código de artículo | Cod. artículo | Código producto |
    Código de producto | Cod. producto | Código interno | Código SKU | Código propio | Clave | Clave artículo |
    Referencia | Ref. | Referencia artículo | Referencia interna | Referencia producto | Ref. artículo | Ref.
    interna | Nº artículo | Nº de artículo | Núm. artículo | Número de artículo | Nº ref. | codart | codarticulo
  `),
  gtin: headers(`
    GTIN | EAN | EAN13 | EAN-13 | EAN8 | EAN Code | EAN/UPC | UPC | UPC/EAN | UPC-A | ISBN | JAN | GTIN-13 |
    GTIN-14 | Barcode | Bar code | Barcodes | Product Barcode | Main Barcode | GTIN (EAN/UPC) | Código de barras
    | Código barras | Cód. barras | Cod. de barras | Codbarras | Código EAN | Cód. EAN | Código EAN13 | Código
    GTIN | Código universal | Código UPC
  `),
  listing_id: headers(`
    Listing ID | Listing | Product ID | Item ID | Article ID | Variant ID | Variation ID | ID | External ID |
    Identificador | ID artículo | ID producto | ID de producto | ID publicación | ID variante | Id. producto
  `),
  mpn: headers(`
    MPN | Manufacturer Part Number | Manufacturer Reference | Manufacturer SKU | Supplier Reference | Supplier
    SKU | Vendor SKU | Referencia fabricante | Referencia del fabricante | Ref. fabricante | Código fabricante |
    Referencia proveedor | Ref. proveedor | Código proveedor artículo | Nº de pieza | Modelo fabricante
  `),
}

export const texts = {
  title: headers(`
    Title | Name | Product | Product Name | Product Title | Item | Item Name | Article | Article Name | Listing
    Title | Display Name | Title (EN) | name.en | Título | Nombre | Nombre artículo | Nombre del artículo |
    Nombre producto | Nombre del producto | Artículo | Producto | Denominación | Descripción artículo |
    Descripción del artículo | Desc. artículo | Descripción producto | Desc. | Concepto | Título del anuncio |
    Título publicación | nomart | desart
  `),
  short: headers('Short Description | Descripción corta | Descripción breve | Descripción abreviada'),
  /** A POS calls the article's name "Descripción"; a web shop has both. */
  description: headers(`
    Description | Long Description | Body | Body (HTML) | Full Description | Item Description | Product
    Description | Descripción | Descripción larga | Descripción completa | Descripción detallada | Descripción
    HTML | Detalle
  `),
  brand: headers(`
    Brand | Brand Name | Brands | Manufacturer | Vendor | Make | Label | Marca | Marcas | Fabricante | Nombre
    marca | Nombre de la marca
  `),
  category: headers(`
    Category | Categories | Category Name | Product Category | Department | Product Type | Family | Category
    Path | Categoría | Categorías | Familia | Subfamilia | Familia/Subfamilia | Sección | Departamento | Rubro |
    Línea | Grupo de artículos | Tipo de producto | Desc. familia | Nombre familia
  `),
  product: headers(`
    Parent SKU | Parent | Parent ID | Parent Code | Item Group ID | Group ID | Model | Model Code | Style |
    Style Code | Handle | Product Group | SKU padre | Código padre | Modelo | Código modelo | Cód. modelo |
    Producto padre | Referencia modelo | Artículo padre | ID grupo
  `),
  url: headers(`
    URL | Link | Product URL | Page URL | Product Link | Permalink | Enlace | URL producto | URL del producto |
    Enlace del producto | Dirección web
  `),
  image: headers(`
    Image | Image URL | Image Link | Image Src | Main Image | Images | Image URLs | Picture | Photo | Imagen |
    Imagen URL | URL imagen | URL de imagen | Imagen principal | Imágenes | Foto | Fotografía
  `),
}

export const states = {
  status: headers(`
    Status | State | Product Status | Item Status | Listing Status | Lifecycle | Lifecycle Status | Estado |
    Estado artículo | Estado del artículo | Estado producto | Estado del producto | Situación | Estado
    publicación | Ciclo de vida | Estatus
  `),
  active: headers(`
    Active | Is Active | Enabled | Is Enabled | Activo | Activa | Activado | Habilitado | Activo (S/N) |
    Activo/Inactivo | Artículo activo | Producto activo
  `),
  inactive: headers('Inactive | Disabled | Inactivo | Desactivado | Artículo inactivo | De baja | Bloqueado'),
  discontinued: headers('Discontinued | Is Discontinued | Descatalogado | Descontinuado | Discontinuado | Obsoleto'),
  visible: headers(`
    Visible | Is Visible | Published | Is Published | Visible Online | Show in store | Visible en web | Visible
    web | Publicado | Publicado en web | Mostrar en tienda | Mostrar en web | Mostrar en la web | En web |
    Publicar
  `),
  buyable: headers(`
    Buyable | Sellable | Purchasable | For Sale | Can Be Sold | Se vende | Vendible | A la venta | En venta |
    Disponible para la venta | Comprable
  `),
  in_stock: headers(`
    In stock | Is In Stock | Availability | Stock Status | Disponibilidad | Hay existencias | Estado de stock |
    Estado de existencias | isAvailable
  `),
  condition: headers('Condition | Item Condition | Condición | Condición del artículo | Estado de conservación'),
  /** Of one listing. Units per case or box (`Unidades por caja`) are how it is delivered. */
  pack_quantity: headers(`
    Pack Quantity | Pack Qty | Pack Size | Units Per Pack | Units per Package | Number of Items | Multipack |
    Unidades por pack | Uds. por pack | Unidades por envase | Unidades pack | Cantidad por paquete | Cantidad por
    pack | Uds./pack | Piezas por paquete
  `),
  updated_at: headers(`
    Updated At | Last Updated | Modified | Last Modified | Date Modified | Updated | Modified At | Update Date |
    Fecha de modificación | Fecha modificación | Última modificación | Fecha de actualización | Fecha
    actualización | Última actualización | Actualizado | Actualizado el | F. modificación | F. actualización
  `),
}
